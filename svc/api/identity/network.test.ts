import { expect, test } from "bun:test";
import { networkOf } from "./network.ts";

test("an IPv4 address stands for itself, an IPv6 address for its /64", () => {
  expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("in-process")).toBe("in-process");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
  expect(networkOf("2001:DB8:0001:2::6")).toBe("2001:db8:1:2::/64");
  expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  expect(networkOf("1:2:3:4:5:6:7::")).toBe("1:2:3:4::/64");
});
