#!/bin/sh
# Terraform as CDKTF starts it, so that it always ends in order: it tells its process id, to be interrupted by, and does not
# end when CDKTF does, whose terminal it has; that would leave what it makes without a state, and the state locked.
# Where a plan was let through, that one is applied: CDKTF itself would make another.
trap '' HUP
[ -z "$TERRAFORM_PID_FILE" ] || echo $$ >"$TERRAFORM_PID_FILE"
[ "$1" != apply ] || [ -z "$TERRAFORM_SAVED_PLAN" ] || set -- "$@" "$TERRAFORM_SAVED_PLAN"
exec "${TERRAFORM_IN_ORDER:-terraform}" "$@"
