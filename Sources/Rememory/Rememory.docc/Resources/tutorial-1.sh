mkdir -p game/Sources/game
cd game
