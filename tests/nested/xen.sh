#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Starts what xl needs, in the inner machine that is Xen's domain 0.
bin=/usr/lib/xen-4.17/bin
mount -t xenfs xenfs /proc/xen
ln -s /run /var/run
mkdir -p /run/xen /run/xenstored /run/lock /var/lib/xen /var/lib/xenstored \
	/var/log/xen/console
ln -s /run/lock /var/lock
$bin/xenstored --pid-file /var/run/xenstored.pid
$bin/xen-init-dom0
$bin/xenconsoled --log=guest --log-dir=/var/log/xen/console
echo "Xen $($bin/xl info xen_version)"
