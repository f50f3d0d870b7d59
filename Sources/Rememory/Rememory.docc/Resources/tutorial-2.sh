swift run game
