/** Something that is counted in Keycloak's log. */
export interface LogFilter {
  /** Kebab-case; a construct id, so it stays. */
  readonly id: string;
  /** Name of the metric. */
  readonly metric: string;
  /**
   * Pattern of CloudWatch Logs; each is tested on lines of real servers.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
   */
  readonly pattern: string;
}

/** What Keycloak's log tells that no other metric does. */
export const LOG_FILTERS: readonly LogFilter[] = [
  { id: "login-failures", metric: "LoginFailures", pattern: '"[org.keycloak.events]" "type=\\"LOGIN_ERROR\\""' },
  {
    id: "database-errors",
    metric: "DatabaseErrors",
    pattern: '?HHH000247 ?"Unable to acquire JDBC Connection" ?PSQLException',
  },
  {
    // Half of the cluster gone without a word (a crash, or a split), a node that waits in vain for another (7800 or 57800
    // closed) or goes on alone, two clusters that merge.
    id: "cluster-splits",
    metric: "ClusterSplits",
    pattern: '?ISPN000314 ?"on try 2" ?"becoming singleton" ?ISPN000093',
  },
];
