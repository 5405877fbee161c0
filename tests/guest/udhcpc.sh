#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Called by udhcpc: takes the address and route that DHCP gave.
case $1 in
bound | renew)
	ifconfig "$interface" "$ip" netmask "$subnet"
	route add default gw "$router" dev "$interface"
	;;
esac
