import FuzzSupport
import PickleCodec

/// Reads any text as JSON, plain and tagged: it must give a value or an error, and what it gives is written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = unsafe input(start, count)
    do {
        checkWriting(try PickleValue(json: text))
    } catch {
        require(error.offset.map { (0...count).contains($0) } ?? false, "the place in the text, found \(error)")
    }
    if let value = try? PickleValue(taggedJSON: text) { checkWriting(value) }
    return 0
}

private func checkWriting(_ value: PickleValue) {
    if let json = try? value.json() {
        let again = try? PickleValue(json: json)
        require((try? again?.json()) == json, "to read \(String(decoding: json, as: UTF8.self))")
    }
    guard let tagged = try? value.taggedJSON() else { return }
    let again = try? PickleValue(taggedJSON: tagged)
    // A NaN is not itself, but is written as itself.
    require((try? again?.taggedJSON()) == tagged, "to read \(String(decoding: tagged, as: UTF8.self))")
}
