#!/bin/sh
# Terraform as CDKTF starts it, so that it always ends in order: it tells its process id, to be interrupted by, and does not
# end when CDKTF does, whose terminal it has; that would leave what it makes without a state, and the state locked.
trap '' HUP
[ -z "$TERRAFORM_PID_FILE" ] || echo $$ >"$TERRAFORM_PID_FILE"
exec "${TERRAFORM_IN_ORDER:-terraform}" "$@"
