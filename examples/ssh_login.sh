# The article's last example, as one types it. `netns run examples/ssh_login.sh` takes the password from the lines that follow each ssh;
# at the prompt of `netns shell` it is asked for without an echo.
ip link set lo up
echo root:secret | chpasswd
/usr/sbin/sshd
ssh -o StrictHostKeyChecking=accept-new root@localhost <<EOF
secret
hostname
exit
EOF
