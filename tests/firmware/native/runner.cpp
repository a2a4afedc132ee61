// Plays inputs on the core, line by line from stdin, and says after each what became of it. tests/firmware/core.py writes
// and reads the lines: fields with tabs between, times in microseconds, places in millionths of a percent, payloads in hex.
#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "messages.h"

using namespace window_core;
using Fields = std::vector<std::string>;

namespace {

MaybePlace read_place(const std::string &text) {
  return text == "null" ? std::nullopt : MaybePlace(static_cast<Place>(std::stol(text)));
}

std::string show(const MaybePlace &place) { return place ? std::to_string(*place) : "null"; }

std::string bytes(const std::string &hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

Token token(const std::string &text) {
  const auto read = Token::from(text);
  if (!read)
    throw std::runtime_error("no token: " + text);
  return *read;
}

// The window, what its flash holds, and what stays as it is when its power fails: the rain and the jammed sash.
class Bench {
 public:
  void set_up(const Fields &f) {
    config_ = {};
    config_.motor.open_time = config_.motor.close_time = std::stoll(f.at(2));
    config_.close_after_loss = f.at(7) == "never" ? kNever : std::stoll(f.at(7));
    flash_ = {};
    flash_.place = read_place(f.at(1));
    flash_.hand_id = f.at(3) == "-" ? Token() : token(f.at(3));
    flash_.obstacle = f.at(4) == "1";
    flash_.rain_position = *read_place(f.at(5));
    wet_ = f.at(6) == "1";
    jammed_ = false;
    device_ = std::make_unique<Device>(config_, flash_, wet_, 0);
    save();
  }

  std::string step(const Fields &f) {
    const Micros now = std::stoll(f.at(0));
    const std::string &what = f.at(1);
    std::optional<Result> result;
    if (what == "connect") {
      device_->connect(token(f.at(2)), now);
    } else if (what == "disconnect") {
      device_->disconnect(now);
    } else if (what == "guard") {
      if (const auto guard = decode_guard(bytes(f.at(3))))
        device_->guard(*guard, f.at(2) == "1", now);
      else
        device_->advance(now);
    } else if (what == "control") {
      result = device_->control(decode_control(bytes(f.at(3))), f.at(2) == "1", now);
    } else if (what == "press") {
      device_->press(*from_word<Button>(f.at(2)), token(f.at(3)), now);
    } else if (what == "rain") {
      device_->rain(wet_ = f.at(2) == "1", now);
    } else if (what == "stall") {
      device_->stall(now);
    } else if (what == "jam") {
      device_->jam(jammed_ = f.at(2) == "1", now);
    } else if (what == "power_cut") {
      device_->advance(now);
      save();
      device_ = std::make_unique<Device>(config_, flash_, wet_, now);
      if (jammed_)
        device_->jam(true, now);
    } else if (what == "wait") {
      device_->advance(now);
    } else {
      throw std::runtime_error("no input: " + what);
    }
    save();
    return tell(result);
  }

 private:
  void save() { flash_ = device_->saved(); }

  std::string tell(const std::optional<Result> &result) {
    char buffer[1024];
    const State state = device_->state();
    std::string line(encode_state(state, 0, buffer, sizeof buffer));
    line += '\t' + show(state.place) + '\t' + show(state.target) + '\t';
    line += result ? std::string(encode_result(*result, 0, buffer, sizeof buffer)) : "null";
    line += std::string("\t") + (device_->microphone() ? "1" : "0");
    return line;
  }

  DeviceConfig config_;
  Saved flash_;
  std::unique_ptr<Device> device_;
  bool wet_{false}, jammed_{false};
};

std::string show_control(const std::string &payload) {
  const auto read = decode_control(payload);
  const auto &control = read.control;
  std::ostringstream out;
  out << word(read.unfit) << '\t' << control.command_id.view();
  if (read.unfit != Reason::kNone)
    return out.str();
  out << '\t' << (control.action ? std::string(word(*control.action)) : std::to_string(control.position)) << '\t'
      << word(control.source) << '\t' << control.session.view() << '\t' << (control.rev ? std::to_string(*control.rev) : "null");
  return out.str();
}

std::string show_guard(const std::string &payload) {
  const auto guard = decode_guard(payload);
  if (!guard)
    return "unfit";
  std::ostringstream out;
  out << guard->hub.view() << '\t' << guard->machines << '\t' << guard->min << '\t' << guard->max << '\t' << word(guard->lock)
      << '\t' << guard->rain_position << '\t' << guard->microphone;
  return out.str();
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  Bench bench;
  for (std::string line; std::getline(std::cin, line);) {
    Fields fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, '\t');)
      fields.push_back(field);
    if (!fields.empty())
      fields.resize(std::max<size_t>(fields.size(), 4));  // an empty payload at the end of a line is no field
    if (fields.empty()) {
      std::cout.flush();
    } else if (fields[0] == "setup") {
      bench.set_up(fields);
    } else if (fields[0] == "control") {
      std::cout << show_control(bytes(fields[1])) << '\n';
    } else if (fields[0] == "guard") {
      std::cout << show_guard(bytes(fields[1])) << '\n';
    } else {
      std::cout << bench.step(fields) << '\n';
    }
  }
}
