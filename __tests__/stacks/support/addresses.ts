/**
 * The addresses of all resources of `<environment>-keycloak`, in the examples of `environments/`, by type. Terraform
 * knows a resource by nothing else: renaming a construct's id, or moving a construct, destroys what is there and makes
 * it anew. Add an address here with the construct; take one away only together with what it stands for.
 */
export const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  aws_acm_certificate: ["load-balancer_certificate_1956C21A"],
  aws_acm_certificate_validation: ["load-balancer_certificate_issued_0A4498D9"],
  aws_appautoscaling_policy: ["service_autoscaling_cpu_E802E953"],
  aws_appautoscaling_target: ["service_autoscaling_target_23A011B8"],
  aws_cloudwatch_dashboard: ["monitoring_dashboard_4CE328EF"],
  aws_cloudwatch_log_group: [
    "database_log-group_D8F361D1",
    "flow-logs_log-group_BD9661F8",
    "log-group",
    "waf_log-group_B08BEF30",
  ],
  aws_cloudwatch_log_metric_filter: [
    "monitoring_count-cluster-splits_4067E3C9",
    "monitoring_count-database-errors_222BF838",
    "monitoring_count-login-failures_3A9CE4B5",
  ],
  aws_cloudwatch_metric_alarm: [
    "monitoring_alarm-cluster-split_2758E4B1",
    "monitoring_alarm-database-errors_77610DD2",
    "monitoring_alarm-db-1-local-storage-low_922D5DB4",
    "monitoring_alarm-db-2-local-storage-low_98B0D01C",
    "monitoring_alarm-db-capacity-at-maximum_ACAC88C5",
    "monitoring_alarm-db-cpu-high_614D1714",
    "monitoring_alarm-errors-5xx_848DAD77",
    "monitoring_alarm-login-failures_2F3F416F",
    "monitoring_alarm-response-time-p99_018B2BDF",
    "monitoring_alarm-service-cpu-high_78B3C6E1",
    "monitoring_alarm-service-memory-high_66B9A841",
    "monitoring_alarm-targets-unhealthy_95BE2B8F",
    "monitoring_alarm-tasks-missing_AC1FD8DD",
  ],
  aws_db_subnet_group: ["database_subnet-group_706EB4D1"],
  aws_default_security_group: ["vpc_default-security-group_A4A9D8C1"],
  aws_ecs_cluster: ["service_cluster_B81F1F5D"],
  aws_ecs_cluster_capacity_providers: ["service_capacity_489EC95E"],
  aws_ecs_service: ["service_E7C408F2"],
  aws_ecs_task_definition: [
    "backup_db-dump-definition_2CA1B09F",
    "backup_db-restore-definition_5CC2963D",
    "backup_realm-export-definition_81CF6192",
    "backup_realm-import-definition_16AFFE64",
    "service_task-definition_1CDBFD24",
  ],
  aws_eip: ["vpc_nat-address-1_C16CE225", "vpc_nat-address-2_32BF3FE6"],
  aws_flow_log: ["flow-logs_flow-log_2E4F04EC"],
  aws_iam_role: [
    "backup_agent_74C8406F",
    "backup_db-dump_12564698",
    "backup_db-restore_E68DDBF6",
    "backup_realm-export_9E12E82C",
    "backup_realm-import_AA95FB05",
    "database_monitoring-role_DD73B2F2",
    "flow-logs_role_B4B87A12",
    "service_roles_execution_A3A302E1",
    "service_roles_task_35C327FA",
  ],
  aws_iam_role_policy: [
    "backup_agent-start-task_3D08E054",
    "backup_db-dump-transfer_A0D4972A",
    "backup_db-restore-transfer_7FC8C25D",
    "backup_realm-export-transfer_A8DB78BD",
    "backup_realm-import-transfer_24E6DA83",
    "flow-logs_role-write_42AE3919",
    "service_roles_execution-start-task_B0D360A1",
    "service_roles_task-exec_3ABF1C26",
  ],
  aws_iam_role_policy_attachment: ["database_monitoring-role-may-write-metrics_F1E48370"],
  aws_internet_gateway: ["vpc_internet-gateway_CB431535"],
  aws_kms_alias: ["encryption-key_alias_EA42CC1F"],
  aws_kms_key: ["encryption-key_B3391E8B"],
  aws_lb: ["load-balancer_30A23327"],
  aws_lb_listener: ["load-balancer_http_44626CBC", "load-balancer_https_7F5E2DEF"],
  aws_lb_listener_rule: [
    "load-balancer_rule-admin-1_12EE6DA7",
    "load-balancer_rule-admin-refused_1B4F6472",
    "load-balancer_rule-management_E7EE141F",
    "load-balancer_rule-metadata_23970090",
    "load-balancer_rule-public_CB975138",
    "load-balancer_rule-registration-refused_E6DF4357",
    "load-balancer_rule-registration_F70BC39E",
  ],
  aws_lb_target_group: ["load-balancer_target-group_2EB1ED9E"],
  aws_nat_gateway: ["vpc_nat-gateway-1_F3145AA3", "vpc_nat-gateway-2_938ACA17"],
  aws_rds_cluster: ["database_cluster_FAF2FB92"],
  aws_rds_cluster_instance: ["database_instance-1_95FDBD23", "database_instance-2_67AB9804"],
  aws_rds_cluster_parameter_group: ["database_parameters_58B6739C"],
  aws_route: [
    "vpc_private-1-to-internet_11C1924E",
    "vpc_private-2-to-internet_75B999C9",
    "vpc_public-to-internet_5CB80426",
  ],
  aws_route53_record: ["load-balancer_alias_1A7040DE", "load-balancer_certificate_proof_6E96832C"],
  aws_route_table: ["vpc_private-1-routes_950A012C", "vpc_private-2-routes_F99E461D", "vpc_public-routes_BDA69942"],
  aws_route_table_association: [
    "vpc_private-1-routes-of-subnet_2ACC2245",
    "vpc_private-2-routes-of-subnet_B2283647",
    "vpc_public-routes-of-subnet-1_B440BDB7",
    "vpc_public-routes-of-subnet-2_7DC41959",
  ],
  aws_s3_bucket: ["backup-bucket_FA4F306F", "load-balancer_access-logs_bucket_728549EA"],
  aws_s3_bucket_lifecycle_configuration: [
    "backup-bucket_lifecycle_D998629A",
    "load-balancer_access-logs_lifecycle_119B4325",
  ],
  aws_s3_bucket_ownership_controls: [
    "backup-bucket_ownership_CAD87E0F",
    "load-balancer_access-logs_ownership_E78F9344",
  ],
  aws_s3_bucket_policy: ["backup-bucket_policy_869190C1", "load-balancer_access-logs_policy_5C7A3B15"],
  aws_s3_bucket_public_access_block: ["backup-bucket_private_E45D036D", "load-balancer_access-logs_private_9ECEAB7C"],
  aws_s3_bucket_server_side_encryption_configuration: [
    "backup-bucket_encryption_0C193774",
    "load-balancer_access-logs_encryption_26FDBC9E",
  ],
  aws_s3_bucket_versioning: ["backup-bucket_versioning_E39FCB6E", "load-balancer_access-logs_versioning_7F7FAA36"],
  aws_security_group: [
    "security-groups_database_D8550215",
    "security-groups_endpoints_27EE4003",
    "security-groups_load-balancer_DFB3F1F1",
    "security-groups_tasks_0575F748",
  ],
  aws_sns_topic: ["monitoring_topic_631C3BE1"],
  aws_sns_topic_policy: ["monitoring_topic-policy_CB9CD838"],
  aws_sns_topic_subscription: ["monitoring_e-mail_82DFAB0A"],
  aws_subnet: ["vpc_private-1_94F31C2E", "vpc_private-2_90D5450F", "vpc_public-1_75390BAE", "vpc_public-2_7306A195"],
  aws_vpc: ["vpc_6776A399"],
  aws_vpc_endpoint: [
    "endpoints_ecr-api_7E5A1F17",
    "endpoints_ecr-dkr_13D062EC",
    "endpoints_logs_7D54C327",
    "endpoints_s3_6279BB42",
    "endpoints_ssm_4044DB33",
  ],
  aws_vpc_security_group_egress_rule: [
    "security-groups_cluster-failure-detection-out_A063243B",
    "security-groups_cluster-out_36073947",
    "security-groups_load-balancer-to-tasks-out_E7BE3164",
    "security-groups_tasks-to-443_B4A23EB9",
    "security-groups_tasks-to-database-out_9F3A2027",
  ],
  aws_vpc_security_group_ingress_rule: [
    "security-groups_clients-0-0-0-0-0-http_D845F062",
    "security-groups_clients-0-0-0-0-0-https_A6B60DA7",
    "security-groups_clients-10-0-0-0-8-http_BD0AF88D",
    "security-groups_clients-10-0-0-0-8-https_1C80F992",
    "security-groups_clients-172-16-0-0-12-http_FE2ADA3B",
    "security-groups_clients-172-16-0-0-12-https_FEDA9374",
    "security-groups_clients-192-168-0-0-16-http_2A353530",
    "security-groups_clients-192-168-0-0-16-https_E5F46865",
    "security-groups_cluster-failure-detection-in_EFC598D6",
    "security-groups_cluster-in_9D934572",
    "security-groups_load-balancer-to-tasks-in_6D0CC746",
    "security-groups_tasks-to-database-in_DC398532",
    "security-groups_tasks-to-endpoints_3258EE9D",
  ],
  aws_wafv2_web_acl: ["waf_acl_332C8FC4"],
  aws_wafv2_web_acl_association: ["waf_association_2251FBE9"],
  aws_wafv2_web_acl_logging_configuration: ["waf_logging_09F1A7C5"],
};

/** What is lost with a resource of a type. */
export const LOSSES: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: "a log and all that is in it",
  aws_ecr_repository: "every image, also the one to roll back to",
  aws_ecs_service: "all tasks at once, until new ones have started",
  aws_eip: "an address that identity providers may have on their lists",
  aws_kms_key: "the key, and after 30 days every snapshot and log that it has encrypted",
  aws_lb: "the load balancer, and the name that DNS records of others point to",
  aws_rds_cluster: "the database, with every realm and every user in it",
  aws_rds_cluster_instance: "an instance of the database, and with the last one every login",
  aws_s3_bucket: "all access logs, or all dumps of the database",
  aws_security_group: "a security group in use, which AWS refuses halfway",
  aws_sns_topic: "every subscription to the alarms, which people would have to confirm again",
  aws_subnet: "a subnet in use, which AWS refuses halfway",
  aws_vpc: "the whole network",
};

/**
 * What is wrong with the addresses of some stacks, as sentences.
 * @param found addresses of all resources that there are
 * @param pinned names by type
 */
export function moved(found: Iterable<string>, pinned: Readonly<Record<string, readonly string[]>>): string[] {
  const there = new Set(found);
  const wanted = Object.entries(pinned).flatMap(([type, names]) => names.map((name) => `${type}.${name}`));
  const gone = wanted.filter((address) => !there.has(address));
  const unpinned = [...there].filter((address) => !wanted.includes(address));
  return [
    ...gone.map((address) => {
      const loss = LOSSES[address.split(".")[0]!];
      const what = loss ? `Terraform would destroy ${loss}` : "Terraform would destroy it and make another one";
      return `${address} is gone: ${what}. Keep the construct's id, or move the state with moveFromId().`;
    }),
    ...unpinned.map((address) => `${address} is new: if nothing was renamed, add it to support/addresses.ts.`),
  ];
}
