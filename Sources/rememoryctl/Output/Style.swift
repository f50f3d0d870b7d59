/// Colours of text, where they are wanted.
enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"

    func callAsFunction(_ text: String) -> String {
        Terminal.hasColours ? "\u{1b}[\(rawValue)m\(text)\u{1b}[0m" : text
    }
}
