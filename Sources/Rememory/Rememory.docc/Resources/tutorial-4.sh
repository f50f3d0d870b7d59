swift build
swift run --skip-build game &
sleep 2
environment/bin/python leave.py
wait
rm -f /dev/shm/tutorial_players /dev/shm/sem.rememorydict_tutorial_players
