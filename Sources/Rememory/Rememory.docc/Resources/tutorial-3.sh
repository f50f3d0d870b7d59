python3 -m venv environment
environment/bin/pip install --quiet rememory
swift build
swift run --skip-build game &
sleep 2
environment/bin/python players.py
wait
