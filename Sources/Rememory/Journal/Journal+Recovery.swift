// What the content is after a take-over.
//
// A Swift process leaves nothing torn: it commits by one store, or keeps what it writes over (UndoCopy.swift). Python
// writes in two steps, the pickle from offset 0 and then NULs up to the end, and each is a copy that may have been cut at
// any byte; large ones store their first bytes last. Killed
//
//     before its first byte       head, program and stamp are as they were
//     while it copies             old and new bytes side by side; the stamp, at the end, is as it was
//     while it clears             the new pickle is whole, and what was the stamp is NUL or on its way
//     after that                  the new pickle and NULs
//
// So if the stamp is there, no later write has been completed: Python gave the lock back never, and what the stamp said is
// what everybody saw. A process that has a copy of just that (same epoch, same generation) puts it back if one byte
// differs. One that has none reads what is there: a program that loads, all of it, is the content from then on, and the
// stamp goes, so that nobody puts back what has been seen; one that doesn't load stays as it is and is an error, until a
// process with a copy comes, or somebody asks for `salvage()` or writes all anew with `replaceAll`.
//
// If the stamp is not there, the last complete write is Python's, and nobody has a copy of it that could be told from an
// older one: what doesn't load is an error. What loads is taken: that an old and a new pickle of the same length and layout
// were cut into one that loads can't be seen from the bytes.

import Logging

extension Journal {
    /// Decides what a take-over has left open, if this process can.
    ///
    /// - Returns: Whether the content is now what the index says.
    func putBackIfTorn(_ access: borrowing SegmentAccess) throws(RememoryError) -> Bool {
        let bytes = access.content
        guard let stamp = Stamp(of: bytes), let was = stamp.distrusted, was.reason == .anyHolder, let known,
            known.identity == access.identity, let reading = known.stamp, reading.epoch == was.epoch,
            reading.generation == was.generation, lastWhole.stamp == reading
        else { return false }
        if lastWhole.isStill(bytes) {
            stamp.write(reading)
            return true
        }
        let whole = lastWhole.bytes
        try unsafe access.overwrite(former: whole) { _ in
            bytes.write(whole[...], at: 0)
            bytes.clear(whole.count..<stamp.base)
            stamp.write(reading)
        }
        Logger(label: "rememory").warning(
            "a process was killed while it wrote the content of a block; put back what was there before",
            metadata: ["block": "\(name)"])
        return true
    }
}
