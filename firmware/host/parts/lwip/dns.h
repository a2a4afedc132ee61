// SPDX-License-Identifier: GPL-3.0-only
// libmosquitto resolves the broker's name itself; this only lets ESPHome's client go on to connect.
#pragma once
#include "err.h"
enum : int { LWIP_DNS_ADDRTYPE_IPV4 = 0, LWIP_DNS_ADDRTYPE_IPV6_IPV4 = 3 };
template<typename Found> err_t dns_gethostbyname_addrtype(const char *, ip_addr_t *address, Found, void *, int) {
  ipaddr_aton("0.0.0.0", address);
  return ERR_OK;
}
