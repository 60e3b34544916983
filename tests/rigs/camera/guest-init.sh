#!/bin/sh
# The guest's first process: loads the modules, lays a scratch layer over the host's file system, and goes there.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done < /modules/order

transport=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o $transport,ro,cache=loose host /lower \
    && mount -t tmpfs scratch /scratch \
    && mkdir /scratch/upper /scratch/work \
    && mount -t overlay -o lowerdir=/lower,upperdir=/scratch/upper,workdir=/scratch/work root /root \
    || { echo "guest-init: the host's file system could not be mounted"; poweroff -f; }

cd /root
mkdir -p tmp run dev out
mount -t 9p -o $transport,rw,cache=none out out
mount --move /dev dev
mount --move /proc proc
mount --move /sys sys
mkdir -p dev/shm dev/pts
for directory in tmp run dev/shm; do mount -t tmpfs -o mode=1777 scratch $directory; done
mount -t devpts pts dev/pts
ifconfig lo up
exec switch_root /root /bin/bash /out/.guest-main
