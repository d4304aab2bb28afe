import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { PORTS } from "../keycloak-image/settings.ts";
import { accept } from "./accepted-finding.ts";

/** Port of PostgreSQL. */
export const DATABASE_PORT = 5432;

/** Props of {@link SecurityGroups}. */
export interface SecurityGroupsProps {
  readonly name: string;
  readonly vpcId: string;
  /** Who may connect to the load balancer. */
  readonly clientCidrs: readonly string[];
  /** TCP ports that tasks may reach anywhere: 443 for AWS's services, others for what Keycloak talks to. */
  readonly taskEgressPorts: readonly number[];
  /** Whether there are interface endpoints, which the tasks then may reach. */
  readonly endpoints: boolean;
}

/** Where one side of a rule is: a range, or a security group. */
type Peer = { readonly cidr: string } | { readonly group: SecurityGroup };

/** Who may talk to whom; each rule is a resource of its own, and nothing else is open. */
export class SecurityGroups extends Construct {
  readonly loadBalancerId: string;
  readonly tasksId: string;
  readonly databaseId: string;
  /** Undefined where there are no interface endpoints. */
  readonly endpointsId?: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SecurityGroupsProps,
  ) {
    super(scope, id);
    const loadBalancer = this.group("load-balancer", "Load balancer: HTTPS from clients, HTTP only to be redirected");
    const tasks = this.group("tasks", "Keycloak tasks: from the load balancer and from each other");
    const database = this.group("database", "Database: from Keycloak tasks only");

    // Ids are of the ranges, not of their places: AWS refuses a rule that moves onto another one before that is gone.
    for (const cidr of new Set(props.clientCidrs)) {
      const clients = `clients-${cidr.replaceAll(/[./]/g, "-")}`;
      this.allowIn(`${clients}-https`, loadBalancer, { cidr }, 443, "HTTPS from clients");
      const http = this.allowIn(`${clients}-http`, loadBalancer, { cidr }, 80, "HTTP, answered by a redirect");
      if (cidr === "0.0.0.0/0")
        accept(http, "CKV_AWS_260", "port 80 answers with a redirect to HTTPS and nothing else");
    }
    this.allow("load-balancer-to-tasks", loadBalancer, tasks, PORTS.http, "HTTP to Keycloak");
    // One node of the cluster to the other: messages, and failure detection on a port of its own.
    this.allow("cluster", tasks, tasks, PORTS.cluster, "Cluster messages between tasks");
    this.allow(
      "cluster-failure-detection",
      tasks,
      tasks,
      PORTS.clusterFailureDetection,
      "Failure detection between tasks",
    );
    this.allow("tasks-to-database", tasks, database, DATABASE_PORT, "PostgreSQL");
    for (const port of props.taskEgressPorts)
      this.allowOut(
        `tasks-to-${port}`,
        tasks,
        { cidr: "0.0.0.0/0" },
        port,
        port === 443 ? "HTTPS: AWS services, identity providers" : `TCP ${port}`,
      );

    if (props.endpoints) {
      const endpoints = this.group("endpoints", "VPC endpoints: HTTPS from Keycloak tasks");
      this.allowIn("tasks-to-endpoints", endpoints, { group: tasks }, 443, "HTTPS from tasks");
      this.endpointsId = endpoints.id;
    }
    this.loadBalancerId = loadBalancer.id;
    this.tasksId = tasks.id;
    this.databaseId = database.id;
  }

  private group(id: string, description: string): SecurityGroup {
    const name = `${this.props.name}-${id}`;
    return new SecurityGroup(this, id, { name, description, vpcId: this.props.vpcId, tags: { Name: name } });
  }

  /** Opens a port on both sides: out of one group, into the other. */
  private allow(id: string, from: SecurityGroup, to: SecurityGroup, port: number, description: string): void {
    this.allowOut(`${id}-out`, from, { group: to }, port, description);
    this.allowIn(`${id}-in`, to, { group: from }, port, description);
  }

  private allowIn(id: string, to: SecurityGroup, from: Peer, port: number, description: string) {
    return new VpcSecurityGroupIngressRule(this, id, { securityGroupId: to.id, ...rule(from, port, description) });
  }

  private allowOut(id: string, from: SecurityGroup, to: Peer, port: number, description: string): void {
    new VpcSecurityGroupEgressRule(this, id, { securityGroupId: from.id, ...rule(to, port, description) });
  }
}

function rule(peer: Peer, port: number, description: string) {
  return {
    description,
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    ...("cidr" in peer ? { cidrIpv4: peer.cidr } : { referencedSecurityGroupId: peer.group.id }),
  };
}
