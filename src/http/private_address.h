/* private_address.h - addresses that are not the internet's: loopback, private, link-local (the metadata services of
 * clouds are there), shared, unique-local, multicast and reserved ones, also inside IPv6 addresses that carry an IPv4
 * one (IANA's special-purpose registries, RFC 6890). */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/* What is neither IPv4 nor IPv6 is private. */
bool address_is_private(const struct sockaddr *address);
