// Boost.Interprocess as the native yardstick: what C++ processes share when they share nothing with Python.
//
// Speaks the lines of bench-peer. One managed segment holds an unordered_map, a deque or an integer, and a mutex in
// shared memory: the fastest locks and containers that the library has for unrelated processes.

#include <boost/functional/hash.hpp>
#include <boost/interprocess/allocators/allocator.hpp>
#include <boost/interprocess/containers/deque.hpp>
#include <boost/interprocess/containers/string.hpp>
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#include <boost/unordered_map.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ipc = boost::interprocess;

using Segment = ipc::managed_shared_memory;
using Manager = Segment::segment_manager;
using Text = ipc::basic_string<char, std::char_traits<char>, ipc::allocator<char, Manager>>;
using Guard = ipc::scoped_lock<ipc::interprocess_mutex>;

struct TextHash {
    static std::size_t of(const char *text, std::size_t count) { return boost::hash_range(text, text + count); }
    std::size_t operator()(const Text &text) const { return of(text.data(), text.size()); }
    std::size_t operator()(const std::string &text) const { return of(text.data(), text.size()); }
};

struct TextEqual {
    bool operator()(const Text &left, const Text &right) const { return left == right; }
    bool operator()(const std::string &left, const Text &right) const {
        return std::string_view(left) == std::string_view(right.data(), right.size());
    }
};

using Entry = std::pair<const Text, std::int64_t>;
using Map = boost::unordered_map<Text, std::int64_t, TextHash, TextEqual, ipc::allocator<Entry, Manager>>;
using Row = ipc::deque<std::int64_t, ipc::allocator<std::int64_t, Manager>>;

// The same keys and values as in every other language: see Workload.swift.
static std::string key(std::int64_t index) { return "player" + std::to_string(index); }
static std::int64_t number(std::int64_t step) { return step * 40503 & 0x1ffff; }

static std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// ---------------------------------------------------------------- subjects

/// A shared thing, and where this process is on its way through it.
class Subject {
public:
    Subject(const std::string &name, std::int64_t n, std::size_t bytes)
        : name(name), n(std::max<std::int64_t>(n, 1)), segment(ipc::open_or_create, name.c_str(), bytes),
          mutex(*segment.find_or_construct<ipc::interprocess_mutex>("mutex")()) {}
    virtual ~Subject() = default;
    virtual void fill() = 0;
    virtual void run(const std::string &operation, std::int64_t count) = 0;
    virtual void restore() { fill(); }
    virtual std::int64_t sum() = 0;

    const std::string name;
    const std::int64_t n;

protected:
    [[noreturn]] void refuse(const std::string &operation) { throw std::runtime_error("no operation " + operation); }
    std::int64_t next() { return (position = position + 1 == n ? 0 : position + 1) * 7919 % n; }

    Segment segment;
    ipc::interprocess_mutex &mutex;
    std::int64_t position = 0;
    std::int64_t step = 0;
};

class Dict : public Subject {
public:
    Dict(const std::string &name, std::int64_t n, std::size_t bytes, const std::vector<std::string> &keys)
        : Subject(name, n, bytes),
          keys(keys),
          map(*segment.find_or_construct<Map>("map")(
              n, TextHash(), TextEqual(), ipc::allocator<Entry, Manager>(segment.get_segment_manager()))) {}

    void fill() override {
        Guard guard(mutex);
        map.clear();
        for (std::int64_t index = 0; index < n; index++) put(key(index), number(index));
    }

    void run(const std::string &operation, std::int64_t count) override {
        if (operation == "get") {
            for (std::int64_t done = 0; done < count; done++) get(next_key());
        } else if (operation == "set") {
            for (std::int64_t done = 0; done < count; done++) {
                Guard guard(mutex);
                put(next_key(), number(++step));
            }
        } else if (operation == "delete") {
            for (std::int64_t done = 0; done < count; done++) remove(next_key());
        } else if (operation == "iterate") {
            for (std::int64_t done = 0; done < count; done++) copies = snapshot();
        } else {
            refuse(operation);
        }
    }

    void restore() override {
        Guard guard(mutex);
        for (const auto &name : deleted) put(name, 1);
        deleted.clear();
    }

    std::int64_t sum() override {
        std::int64_t total = 0;
        for (const auto &entry : snapshot()) total += entry.second;
        return total;
    }

private:
    using Pairs = std::vector<std::pair<std::string, std::int64_t>>;

    const std::string &next_key() { return keys[position = position + 1 == n ? 0 : position + 1]; }

    void get(const std::string &name) {
        Guard guard(mutex);
        auto found = map.find(name, TextHash(), TextEqual());
        if (found == map.end()) throw std::runtime_error("a key that was set is missing");
        last = found->second;
    }

    void put(const std::string &name, std::int64_t value) {
        auto found = map.find(name, TextHash(), TextEqual());
        if (found != map.end()) {
            found->second = value;
        } else {
            map.emplace(Text(name.begin(), name.end(), segment.get_segment_manager()), value);
        }
    }

    void remove(const std::string &name) {
        Guard guard(mutex);
        auto found = map.find(name, TextHash(), TextEqual());
        if (found == map.end()) throw std::runtime_error("a key that was set is missing");
        map.erase(found);
        deleted.push_back(name);
    }

    /// A copy that can be used without the lock, as the other systems give it.
    Pairs snapshot() {
        Guard guard(mutex);
        Pairs pairs;
        pairs.reserve(map.size());
        for (const auto &entry : map) pairs.emplace_back(std::string(entry.first.data(), entry.first.size()), entry.second);
        return pairs;
    }

    const std::vector<std::string> &keys;
    Map &map;
    std::vector<std::string> deleted;
    Pairs copies;
    volatile std::int64_t last = 0;
};

class List : public Subject {
public:
    List(const std::string &name, std::int64_t n, std::size_t bytes)
        : Subject(name, n, bytes),
          row(*segment.find_or_construct<Row>("row")(
              ipc::allocator<std::int64_t, Manager>(segment.get_segment_manager()))) {}

    void fill() override {
        Guard guard(mutex);
        row.clear();
        for (std::int64_t index = 0; index < n; index++) row.push_back(number(index));
    }

    void run(const std::string &operation, std::int64_t count) override {
        for (std::int64_t done = 0; done < count; done++) {
            Guard guard(mutex);
            if (operation == "append") row.push_back(done);
            else if (operation == "get") last = row[next()];
            else if (operation == "set") row[next()] = number(++step);
            else refuse(operation);
        }
    }

    std::int64_t sum() override {
        Guard guard(mutex);
        std::int64_t total = 0;
        for (auto value : row) total += value;
        return total;
    }

private:
    Row &row;
    volatile std::int64_t last = 0;
};

class Number : public Subject {
public:
    Number(const std::string &name) : Subject(name, 1, 65536), value(*segment.find_or_construct<std::int64_t>("value")()) {}

    void fill() override {
        Guard guard(mutex);
        value = 0;
    }

    void run(const std::string &operation, std::int64_t count) override {
        if (operation != "get" && operation != "set" && operation != "add") refuse(operation);
        const char which = operation[0];
        for (std::int64_t done = 0; done < count; done++) {
            Guard guard(mutex);
            if (which == 'g') last = value;
            else if (which == 's') value = done;
            else value++;
        }
    }

    std::int64_t sum() override {
        Guard guard(mutex);
        return value;
    }

private:
    volatile std::int64_t &value;
    volatile std::int64_t last = 0;
};

// ---------------------------------------------------------------- requests

class Session {
public:
    std::string answer(const std::string &line) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        if (verb == "open") {
            subject.reset();
            words >> kind >> name >> n >> bytes;
            keys.clear();
            for (std::int64_t index = 0; index < n; index++) keys.push_back(key(index * 7919 % n));
            subject = open();
            return "";
        }
        if (!subject) throw std::runtime_error("nothing is open");
        if (verb == "fill") subject->fill();
        else if (verb == "time") return time(words);
        else if (verb == "during") return during(words);
        else if (verb == "restore") subject->restore();
        else if (verb == "attach") return attach(words);
        else if (verb == "sum") return " " + std::to_string(subject->sum());
        else if (verb == "close") subject.reset();
        else if (verb == "destroy") {
            subject.reset();
            ipc::shared_memory_object::remove(name.c_str());
        } else throw std::runtime_error("there is no request " + verb);
        return "";
    }

private:
    std::unique_ptr<Subject> open() {
        // Nodes and hash tables need more room than a pickle does.
        const std::size_t room = 8 * bytes + 65536;
        if (kind == "dict") return std::make_unique<Dict>(name, n, room, keys);
        if (kind == "list") return std::make_unique<List>(name, n, room);
        if (kind == "number") return std::make_unique<Number>(name);
        throw std::runtime_error(kind + " is no kind of subject");
    }

    std::string time(std::istringstream &words) {
        std::string operation;
        std::int64_t count;
        words >> operation >> count;
        const auto start = now();
        subject->run(operation, count);
        return " " + std::to_string(now() - start);
    }

    std::string during(std::istringstream &words) {
        std::string operation;
        std::int64_t start, end, pause;
        words >> operation >> start >> end >> pause;
        std::vector<std::int64_t> times;
        while (now() < start) {}
        for (auto begin = now(); begin < end; begin = now()) {
            subject->run(operation, 1);
            times.push_back(now() - begin);
            if (pause > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(pause));
        }
        std::sort(times.begin(), times.end());
        if (times.empty()) times.push_back(0);
        std::ostringstream figures;
        figures << ' ' << times.size() << ' ' << times[times.size() / 2] << ' ' << times[times.size() * 99 / 100] << ' '
                << times.back();
        return figures.str();
    }

    std::string attach(std::istringstream &words) {
        std::int64_t times, total = 0;
        words >> times;
        for (std::int64_t done = 0; done < times; done++) {
            subject.reset();
            const auto start = now();
            subject = open();
            subject->run("get", 1);
            total += now() - start;
        }
        return " " + std::to_string(total);
    }

    std::unique_ptr<Subject> subject;
    /// In the order in which they are asked for; made once, for attaching shall not pay for them.
    std::vector<std::string> keys;
    std::string kind, name;
    std::int64_t n = 0;
    std::size_t bytes = 0;
};

int main() {
    std::ios::sync_with_stdio(false);
    Session session;
    for (std::string line; std::getline(std::cin, line);) {
        try {
            const auto reply = session.answer(line);
            std::cout << "ok" << reply << std::endl;
        } catch (const std::exception &error) {
            std::cout << "error " << error.what() << std::endl;
        }
    }
}
