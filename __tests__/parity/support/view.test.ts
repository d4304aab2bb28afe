import { describe, expect, test } from "@jest/globals";
import { find, type ViewBlock } from "./view.ts";

const block = (type: string, name: string, attributes: ViewBlock["attributes"] = {}): ViewBlock => ({
  type,
  name,
  attributes,
});

const view = [
  block("aws_lb", "load-balancer", { internal: false, access_logs: { enabled: true } }),
  block("aws_subnet", "vpc/public-1", { cidr_block: "10.0.0.0/24" }),
  block("aws_subnet", "vpc/public-2", { cidr_block: "10.0.1.0/24" }),
  block("aws_subnet", "vpc/private-1", { cidr_block: "10.0.2.0/24", ipv6: true }),
  block("container", "keycloak", {
    environment: [
      { name: "KC_DB_USERNAME", value: "keycloak" },
      { name: "KC_LOG_LEVEL", value: "INFO" },
    ],
    secrets: [{ name: "KC_DB_PASSWORD", valueFrom: "arn:x" }],
    portMappings: [{ containerPort: 8080 }, { containerPort: 7800 }],
  }),
  block("aws_ecr_lifecycle_policy", "images/lifecycle", { policy: '{"rules":[{"priority":1}]}' }),
];

const there = (value: unknown) => ({ found: true, value });

describe("an address", () => {
  test("without a name means the only block of its type", () => {
    expect(find(view, "aws_lb: internal")).toEqual(there(false));
    expect(find(view, "aws_subnet: cidr_block")).toMatchObject({ found: false });
    expect(find(view, "aws_vpc: cidr_block")).toMatchObject({ found: false });
  });

  test("with a name means that block", () => {
    expect(find(view, "aws_subnet vpc/public-2: cidr_block")).toEqual(there("10.0.1.0/24"));
    expect(find(view, "aws_subnet vpc/public: cidr_block")).toMatchObject({ found: false });
  });

  test("with an asterisk means all whose names match", () => {
    expect(find(view, "aws_subnet vpc/public-*: cidr_block")).toEqual(there(["10.0.0.0/24", "10.0.1.0/24"]));
    expect(find(view, "aws_subnet vpc/*-1: ipv6")).toEqual(there([true]));
    expect(find(view, "aws_subnet vpc/internal-*: cidr_block")).toMatchObject({ found: false });
  });

  test("with # counts, also none", () => {
    expect(find(view, "aws_subnet vpc/public-*: #")).toEqual(there(2));
    expect(find(view, "aws_subnet: #")).toEqual(there(3));
    expect(find(view, "aws_vpc: #")).toEqual(there(0));
  });

  test("without a path gives the names, or nothing", () => {
    expect(find(view, "aws_subnet vpc/public-*")).toEqual(there(["vpc/public-1", "vpc/public-2"]));
    expect(find(view, "random_password *")).toEqual(there(undefined));
  });
});

describe("a path", () => {
  test("leads into blocks, and says where it ends too early", () => {
    expect(find(view, "aws_lb: access_logs.enabled")).toEqual(there(true));
    expect(find(view, "aws_lb: access_logs.prefix")).toEqual(there(undefined));
    expect(find(view, "aws_lb: acess_logs.enabled")).toMatchObject({ found: false });
  });

  test("finds entries of a list by their names", () => {
    expect(find(view, "container keycloak: environment.KC_LOG_LEVEL")).toEqual(there("INFO"));
    expect(find(view, "container keycloak: secrets.KC_DB_PASSWORD")).toEqual(there("arn:x"));
    expect(find(view, "container keycloak: environment.KC_DB")).toEqual(there(undefined));
  });

  test("goes into every entry of a list without names", () => {
    expect(find(view, "container keycloak: portMappings.containerPort")).toEqual(there([8080, 7800]));
  });

  test("opens JSON in a string", () => {
    expect(find(view, "aws_ecr_lifecycle_policy: policy.rules.priority")).toEqual(there(1));
  });
});
