#!/bin/bash
# vm.sh SHARED COMMAND...: runs COMMAND as root inside a throw-away virtual machine and returns its exit status.
#
# What it is for: the kernel's own UVC driver, which neither a container nor a machine without the right modules has.
# The machine boots Debian's kernel. Its root is this machine's file system, read-only, under a scratch layer in
# memory, so a program built here runs there unchanged. SHARED is mounted read-write at /out and is the working
# directory; the guest's /tmp is empty. No KVM is needed: the processor is emulated, so nothing in it is fast.
#
# What it leaves out: a network, a display, and any change to this machine but for SHARED and the cache.
#
# Variables: LIMIT (seconds until the machine is killed, 300), MEM (MiB, 1024).
# Needs the packages qemu-system-x86 busybox-static cpio kmod xz-utils, and apt to fetch the kernel once.
set -eu -o pipefail

shared=$(realpath "$1")
shift
cache=${CAMERA_VM_CACHE:-$HOME/.cache/campus-booth/camera-vm}
busybox=/bin/busybox
# The disk and its layers; the webcam driver; a USB bus whose devices are programs.
modules="virtio_pci 9p 9pnet_virtio overlay uvcvideo vhci_hcd"

# The kernel package that Debian's metapackage points to, unpacked under $cache/kernel.
fetch_kernel() {
    local package
    package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-[0-9]/ { print $2; exit }')
    [ -n "$package" ] || { echo "vm.sh: apt knows no linux-image-amd64 (run apt-get update)" >&2; return 1; }
    apt-get -qq download "$package"
    dpkg -x "$package"_*.deb kernel
    rm "$package"_*.deb
    depmod -b kernel "$(ls kernel/lib/modules)"
}

# The kernel's uncompressed ELF image: QEMU boots it directly, which saves the emulated decompression.
unpack_vmlinux() {
    local image offset
    image=$(echo kernel/boot/vmlinuz-*)
    offset=$(LC_ALL=C grep -abom1 $'\xfd7zXZ' "$image" | head -1 | cut -d: -f1)
    # Behind the image stand other bytes, of which xz complains after it has done its work: the size is the check.
    { tail -c +$((offset + 1)) "$image" | xz -dcq --single-stream > vmlinux; } 2> /dev/null || true
    [ -s vmlinux ] || { echo "vm.sh: no kernel image in $image" >&2; return 1; }
}

# The initial file system: busybox, the modules in the order of their dependencies, and guest-init.sh.
pack_initrd() {
    local root version here
    here=$1
    root=$(mktemp -d)
    version=$(ls kernel/lib/modules)
    mkdir -p "$root"/{bin,modules,dev,proc,sys,lower,scratch,root}
    cp "$busybox" "$root/bin/busybox"
    ln -s busybox "$root/bin/sh"
    for module in $modules; do modprobe -d kernel -S "$version" --show-depends "$module"; done \
        | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' \
        | while read -r file; do
            cp "$file" "$root/modules/"
            basename "$file" >> "$root/modules/order"
        done
    install -m 755 "$here/guest-init.sh" "$root/init"
    (cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) > initrd.gz
    rm -rf "$root"
}

here=$(dirname "$(realpath "$0")")
mkdir -p "$cache"
# Two runs at once share one cache: the first prepares it, the second waits.
exec 9> "$cache/lock"
flock 9
cd "$cache"
recipe=$(cat "$here/vm.sh" "$here/guest-init.sh" | sha256sum)
if [ "$(cat recipe 2> /dev/null)" != "$recipe" ]; then
    rm -f recipe
    if [ ! -s vmlinux ] || [ ! -d kernel/lib/modules ]; then
        rm -rf kernel
        fetch_kernel
        unpack_vmlinux
    fi
    pack_initrd "$here"
    echo "$recipe" > recipe
fi
flock -u 9
exec 9>&-

# The guest's last word: it runs the command, leaves its status and the kernel's log, and switches itself off.
printf '%q ' "$@" > "$shared/.command"
rm -f "$shared/.status"
cp "$here/guest-main.sh" "$shared/.guest-main"

timeout -k 5 "${LIMIT:-300}" qemu-system-x86_64 \
    -nodefaults -no-user-config -no-reboot -display none -serial stdio \
    -M pc -accel tcg -cpu max -smp 1 -m "${MEM:-1024}" \
    -kernel vmlinux -initrd initrd.gz -append "console=ttyS0 quiet panic=-1 mitigations=off" \
    -object rng-random,id=rng -device virtio-rng-pci,rng=rng \
    -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
    -device virtio-9p-pci,fsdev=host,mount_tag=host \
    -fsdev local,id=out,path="$shared",security_model=none -device virtio-9p-pci,fsdev=out,mount_tag=out \
    < /dev/null | tr -d '\r'

# No status: the machine died or ran out of time.
exit "$(cat "$shared/.status" 2> /dev/null || echo 99)"
