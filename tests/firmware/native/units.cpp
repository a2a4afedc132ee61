// What the core's parts do that the contract's vectors do not show: real motors, currents, counters, clips and JSON.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_SUPER_FAST_ASSERTS
#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "clip_features.h"
#include "encoder.h"
#include "messages.h"
#include "stall.h"

using namespace window_core;

namespace {

constexpr Place percent(double value) { return static_cast<Place>(value * kPercent); }
constexpr Micros seconds(double value) { return static_cast<Micros>(value * kSecond); }

MotorConfig chain_drive() {
  MotorConfig config;
  config.open_time = seconds(20);
  config.close_time = seconds(10);
  config.overrun = seconds(1);
  config.pause = seconds(0.5);
  config.end_zone = percent(2);
  return config;
}

Token token(const char *text) { return *Token::from(text); }

}  // namespace

TEST_CASE("opening and closing take their own times") {
  Motor motor(chain_drive(), kClosed, 0);
  motor.advance(seconds(1));
  motor.move_to(percent(50));
  motor.advance(seconds(6));
  CHECK(motor.place() == percent(25));
  motor.advance(seconds(11));
  CHECK(motor.place() == percent(50));
  CHECK_FALSE(motor.is_driven());
  motor.move_to(percent(25));
  motor.advance(seconds(14));  // half a second of pause, two and a half of way
  CHECK(motor.place() == percent(25));
  CHECK_FALSE(motor.is_driven());
}

TEST_CASE("an end is driven to with an overrun, and only an end") {
  Motor motor(chain_drive(), percent(50), 0);
  motor.advance(seconds(1));
  motor.move_to(kClosed);
  motor.advance(seconds(6));
  CHECK(motor.place() == kClosed);
  CHECK(motor.drive() == Drive::kClose);
  motor.move_to(kClosed);  // said again, it goes on
  motor.advance(seconds(6.9));
  CHECK(motor.drive() == Drive::kClose);
  motor.advance(seconds(7));
  CHECK(motor.drive() == Drive::kOff);
  CHECK(motor.operation() == Operation::kIdle);
}

TEST_CASE("a turn waits for the motor to stand, and a way on in the same direction does not") {
  Motor motor(chain_drive(), kClosed, 0);
  motor.move_to(kOpen);
  CHECK(motor.drive() == Drive::kOff);  // it may still turn from before the start of the device
  motor.advance(seconds(0.5));
  CHECK(motor.drive() == Drive::kOpen);
  motor.advance(seconds(5));
  motor.move_to(percent(90));
  CHECK(motor.drive() == Drive::kOpen);
  motor.move_to(kClosed);
  CHECK(motor.drive() == Drive::kOff);
  CHECK(motor.operation() == Operation::kClosing);
  motor.advance(seconds(5.2));
  motor.move_to(kClosed);  // said again, the pause is not shorter
  CHECK(motor.drive() == Drive::kOff);
  motor.advance(seconds(5.5));
  CHECK(motor.drive() == Drive::kClose);
}

TEST_CASE("an unknown place is learnt by closing for the whole way and the overrun") {
  Motor motor(chain_drive(), std::nullopt, 0);
  motor.advance(seconds(1));
  motor.move_to(percent(30));
  CHECK(motor.operation() == Operation::kClosing);
  motor.advance(seconds(11.9));
  CHECK_FALSE(motor.place());
  motor.advance(seconds(12));
  CHECK(motor.place() == kClosed);
  motor.advance(seconds(12.5 + 6));
  CHECK(motor.place() == percent(30));
}

TEST_CASE("a stop while the place is learnt begins it anew") {
  Motor motor(chain_drive(), std::nullopt, 0);
  motor.advance(seconds(1));
  motor.home();
  motor.advance(seconds(9));
  motor.stop();
  CHECK_FALSE(motor.target());
  motor.home();
  motor.advance(seconds(9 + 10.9));
  CHECK_FALSE(motor.place());
  motor.advance(seconds(9 + 11));
  CHECK(motor.place() == kClosed);
  CHECK_FALSE(motor.is_driven());
}

TEST_CASE("an end stop corrects the place, ends a way, and tells an unknown place without a move") {
  Motor motor(chain_drive(), percent(30), 0);
  motor.advance(seconds(1));
  motor.move_to(kClosed);
  motor.advance(seconds(2));
  motor.at_end(Drive::kOpen);  // the other one does not count
  CHECK(motor.place() == percent(20));
  motor.at_end(Drive::kClose);
  CHECK(motor.place() == kClosed);
  CHECK(motor.drive() == Drive::kOff);

  Motor lost(chain_drive(), std::nullopt, 0);
  lost.at_end(Drive::kClose);
  CHECK(lost.place() == kClosed);
  CHECK(lost.target() == kClosed);
  CHECK_FALSE(lost.is_driven());

  Motor homing(chain_drive(), std::nullopt, 0);
  homing.advance(seconds(1));
  homing.move_to(percent(10));
  homing.advance(seconds(3));
  homing.at_end(Drive::kClose);
  CHECK(homing.place() == kClosed);
  CHECK(homing.operation() == Operation::kOpening);
  homing.advance(seconds(3.5 + 2));
  CHECK(homing.place() == percent(10));
}

TEST_CASE("a sash that comes to an end sooner than reckoned stays there and does not turn back") {
  Saved saved;
  saved.place = percent(50);
  saved.obstacle = true;
  Device device({chain_drive(), kNever}, saved, false, 0);
  device.connect(token("s"), seconds(1));
  ReadControl read;
  read.control.command_id = token("c1");
  read.control.session = token("s");
  read.control.rev = device.state().rev;
  read.control.source = Source::kSafety;
  read.control.position = percent(95);
  CHECK(device.control(read, false, seconds(1)).verdict == Verdict::kAccepted);
  device.at_end(Drive::kOpen, seconds(5));
  CHECK(device.state().place == kOpen);
  CHECK(device.drive() == Drive::kOff);  // closing to 95 % would close on the obstacle
  device.advance(seconds(60));
  CHECK_FALSE(device.is_moving());
}

TEST_CASE("the encoder's word counts") {
  Motor motor(chain_drive(), kClosed, 0);
  motor.advance(seconds(1));
  motor.move_to(percent(50));
  motor.advance(seconds(3));
  motor.measured(percent(4));  // slower than thought
  CHECK(motor.place() == percent(4));
  motor.advance(seconds(4));
  CHECK(motor.place() == percent(9));
  motor.measured(percent(51));
  CHECK(motor.place() == percent(50));
  CHECK_FALSE(motor.is_driven());
  motor.measured(percent(49));
  CHECK(motor.place() == percent(49));
  CHECK(motor.target() == percent(50));

  Motor lost(chain_drive(), std::nullopt, 0);
  lost.measured(percent(5));
  CHECK_FALSE(lost.place());
}

TEST_CASE("a jammed sash is given up after the whole way's time") {
  Motor motor(chain_drive(), kClosed, 0);
  motor.advance(seconds(1));
  motor.jam(true);
  motor.move_to(percent(10));
  motor.advance(seconds(20.9));
  CHECK(motor.is_driven());
  motor.advance(seconds(21));
  CHECK_FALSE(motor.is_driven());
  CHECK(motor.place() == kClosed);
  CHECK(motor.target() == percent(10));
}

TEST_CASE("a blocked motor near its end is at its end, and an obstacle elsewhere") {
  Saved saved;
  saved.place = percent(50);
  Device device({chain_drive(), kNever}, saved, false, 0);
  device.press(Button::kClose, token("h1"), seconds(1));
  device.stall(seconds(5.9));
  CHECK(device.state().place == kClosed);
  CHECK_FALSE(device.state().obstacle);
  CHECK_FALSE(device.is_moving());
  device.press(Button::kOpen, token("h2"), seconds(10));
  device.press(Button::kStop, token("h3"), seconds(20.5));
  device.press(Button::kClose, token("h4"), seconds(21));
  device.stall(seconds(22));
  CHECK(device.state().obstacle);
  CHECK(device.drive() == Drive::kOff);
}

TEST_CASE("an obstacle that meets a sash whose place is unknown is an obstacle, whatever the end zone") {
  Device device({chain_drive(), kNever}, {}, false, 0);
  device.press(Button::kClose, token("h1"), seconds(1));
  device.stall(seconds(3));
  CHECK(device.state().obstacle);
  CHECK_FALSE(device.state().place);
}

TEST_CASE("a press that opens a lost sash closes it first, so it ends an obstacle") {
  Saved saved;
  saved.obstacle = true;
  Device device({}, saved, false, 0);
  device.press(Button::kOpen, token("h1"), seconds(1));
  CHECK(device.state().operation == Operation::kClosing);
  CHECK_FALSE(device.state().obstacle);
}

TEST_CASE("rain stops an opening that pauses or pushes on at its end, against an obstacle too") {
  DeviceConfig config;
  config.motor = chain_drive();
  Saved saved;
  saved.place = percent(50);
  saved.obstacle = true;
  Device device(config, saved, false, 0);
  device.press(Button::kOpen, token("h1"), seconds(0.1));  // the motor waits for half a second after a start
  CHECK(device.drive() == Drive::kOff);
  device.rain(true, seconds(0.2));
  CHECK_FALSE(device.is_moving());
  device.advance(seconds(5));
  CHECK(device.drive() == Drive::kOff);
  device.rain(false, seconds(6));
  device.press(Button::kOpen, token("h2"), seconds(7));
  device.advance(seconds(17.5));  // it is open, and pushed on for a second
  CHECK(device.state().place == kOpen);
  CHECK(device.drive() == Drive::kOpen);
  device.rain(true, seconds(17.6));
  CHECK(device.drive() == Drive::kOff);
  CHECK(device.state().fault == Fault::kRain);
}

TEST_CASE("a hand's leave that ends while a motor cools on its way up ends the opening") {
  DeviceConfig config;
  config.motor = chain_drive();
  config.motor.duty = {seconds(5), 1000, 100};
  Saved saved;
  saved.place = kClosed;
  saved.rain_position = kOpen;
  Device device(config, saved, true, 0);
  device.press(Button::kOpen, token("h1"), seconds(1));
  device.advance(seconds(1800.9));
  CHECK(device.state().operation == Operation::kOpening);
  CHECK(device.state().source == Source::kUser);
  device.advance(seconds(1801.1));
  CHECK_FALSE(device.is_moving());
  CHECK(device.state().source == Source::kSafety);
  CHECK(device.state().target == device.state().place);
}

TEST_CASE("a place that is learnt in rain opens nothing, however rarely anybody looks") {
  Saved saved;
  saved.rain_position = percent(35);
  Device device({}, saved, false, 0);
  device.press(Button::kOpen, token("h1"), seconds(1));
  device.rain(true, seconds(2));  // an edge ends leave
  device.advance(seconds(1000));
  CHECK(device.state().place == kClosed);
  CHECK(device.state().target == kClosed);
}

TEST_CASE("duty: an exhausted motor cools, and goes on by itself") {
  auto config = chain_drive();
  config.duty.budget = seconds(8);
  Motor motor(config, kClosed, 0);
  motor.advance(seconds(1));
  motor.move_to(kOpen);
  motor.advance(seconds(9));
  CHECK(motor.place() == percent(40));
  CHECK(motor.drive() == Drive::kOff);
  CHECK(motor.operation() == Operation::kOpening);
  motor.advance(seconds(14.9));
  CHECK(motor.drive() == Drive::kOff);
  motor.advance(seconds(15));  // a quarter of the budget at three for one
  CHECK(motor.drive() == Drive::kOpen);
  motor.advance(seconds(17));
  CHECK(motor.drive() == Drive::kOff);
  CHECK(motor.place() == percent(50));
  motor.stop();
  motor.move_to(kClosed);  // a new command is no new budget
  CHECK(motor.drive() == Drive::kOff);
}

TEST_CASE("duty: many short rests count as one long one") {
  Duty many({seconds(10), 3, 25}), one({seconds(10), 3, 25});
  many.run(seconds(10)), one.run(seconds(10));
  CHECK(one.rest_needed() == seconds(7.5));
  for (int i = 0; i < 7'000; i++)
    many.rest(1);
  one.rest(7'000);
  CHECK(many.rest_needed() == one.rest_needed());
  one.rest(one.rest_needed());
  CHECK(one.rest_needed() == 0);
  CHECK(one.left() == seconds(2.5));
  Duty fresh({seconds(10), 3, 25});
  fresh.rest(seconds(1));
  CHECK(fresh.left() == seconds(10));
  Duty endless({});
  endless.run(seconds(1e6));
  CHECK(endless.left() == kNever);
}

TEST_CASE("stall: the inrush is blanked, a peak is no stall, a held motor is one once") {
  StallWatch watch({1500, 300 * kMillisecond, 60 * kMillisecond});
  watch.driven(true, 0);
  CHECK_FALSE(watch.sample(5000, 299 * kMillisecond));
  CHECK_FALSE(watch.sample(5000, 300 * kMillisecond));
  CHECK_FALSE(watch.sample(5000, 359 * kMillisecond));
  CHECK_FALSE(watch.sample(1499, 360 * kMillisecond));
  CHECK_FALSE(watch.sample(-1500, 400 * kMillisecond));
  CHECK(watch.sample(-1500, 460 * kMillisecond));
  CHECK_FALSE(watch.sample(-1500, 900 * kMillisecond));
  watch.driven(true, seconds(1));
  CHECK_FALSE(watch.sample(5000, seconds(1.1)));
  watch.driven(false, seconds(2));
  CHECK_FALSE(watch.sample(5000, seconds(9)));
  StallWatch none({});
  none.driven(true, 0);
  CHECK_FALSE(none.sample(30000, seconds(9)));
}

TEST_CASE("encoder: counts are places, and a driven shaft that does not turn stands") {
  Encoder encoder({2000, 500 * kMillisecond});
  encoder.is_at(kClosed);
  encoder.read(0, true, 0);
  encoder.read(500, true, seconds(1));
  CHECK(encoder.place() == percent(25));
  CHECK_FALSE(encoder.stands(seconds(1.4)));
  CHECK(encoder.stands(seconds(1.5)));
  encoder.read(500, false, seconds(2));
  CHECK_FALSE(encoder.stands(seconds(9)));
  encoder.is_at(kOpen);
  encoder.read(-2000, true, seconds(10));
  CHECK(encoder.place() == kClosed);
  encoder.read(900, true, seconds(11));
  CHECK(encoder.place() == kOpen);
  CHECK_FALSE(Encoder({}).stands(seconds(1)));
}

TEST_CASE("clip: chunks leave while it is recorded, and are framed as the contract says") {
  std::vector<uint8_t> buffer(5000), sound(5000);
  for (size_t i = 0; i < sound.size(); i++)
    sound[i] = static_cast<uint8_t>(i * 7 + i / 256);
  Clip clip({5000, 2048, 30 * kMillisecond, seconds(30)}, buffer.data());
  std::vector<std::string> sent;
  bool takes = true;
  const auto step = [&](bool link, Micros now) {
    clip.step(link, now, [&](const uint8_t *header, const uint8_t *samples, size_t size) {
      if (takes)
        sent.push_back(std::string(reinterpret_cast<const char *>(header), kClipHeader) +
                       std::string(reinterpret_cast<const char *>(samples), size));
      return takes;
    });
  };
  CHECK(clip.record(0x01020304, 0x1122334455667788, seconds(1)));
  CHECK_FALSE(clip.record(9, 9, seconds(1)));
  clip.feed(sound.data(), 2047);
  step(true, seconds(2));
  CHECK(sent.empty());
  clip.feed(sound.data() + 2047, 1);
  step(true, seconds(2));
  CHECK(sent.size() == 1);
  clip.feed(sound.data() + 2048, 4000);  // more than there is room for
  CHECK_FALSE(clip.wants_sound());
  step(true, seconds(2.02));  // too early
  CHECK(sent.size() == 1);
  takes = false;
  step(true, seconds(2.04));
  takes = true;
  step(true, seconds(2.08));
  step(true, seconds(2.12));
  CHECK(sent.size() == 3);
  CHECK_FALSE(clip.is_busy());
  CHECK(sent[0].substr(0, 28) == std::string("SWA1\x04\x03\x02\x01\0\0\x03\0\x88\x13\0\0\0\0\0\0\x88\x77\x66\x55\x44\x33\x22\x11", 28));
  CHECK(sent[2].size() == kClipHeader + 904);
  CHECK(std::memcmp(buffer.data(), sound.data(), 2048) == 0);
}

TEST_CASE("clip: a lost link begins it again, and time ends it") {
  std::vector<uint8_t> buffer(4096);
  Clip clip({4096, 2048, 0, seconds(30)}, buffer.data());
  std::vector<int> numbers;
  const auto step = [&](bool link, Micros now) {
    clip.step(link, now, [&](const uint8_t *header, const uint8_t *, size_t) {
      numbers.push_back(header[8]);
      return true;
    });
  };
  clip.record(1, 0, 0);
  clip.feed(buffer.data(), 0);
  std::vector<uint8_t> silence(4096);
  clip.feed(silence.data(), silence.size());
  step(true, 1), step(false, 2), step(true, 3), step(true, 4);
  CHECK(numbers == std::vector<int>{0, 0, 1});
  CHECK(clip.record(2, 0, seconds(1)));
  step(true, seconds(31.1));
  CHECK(clip.given_up() == 1);
  CHECK_FALSE(clip.is_busy());
  CHECK_FALSE(clip.wants_sound());
  CHECK_FALSE(Clip({4096, 2048, 0, seconds(30)}, nullptr).record(1, 0, 0));
  CHECK_FALSE(Clip({4096, 1, 0, seconds(30)}, buffer.data() - 0).is_busy());
  CHECK_FALSE(Clip({8194, 2, 0, seconds(30)}, buffer.data()).record(1, 0, 0));
}

TEST_CASE("crc32 is zlib's") {
  const std::string text = "123456789";
  CHECK(crc32(reinterpret_cast<const uint8_t *>(text.data()), text.size()) == 0xCBF43926);
  CHECK(crc32(nullptr, 0) == 0);
}

TEST_CASE("json: numbers round to millionths, and a bound is a bound") {
  const auto read = [](const std::string &text) -> std::optional<int64_t> {
    size_t at = 0;
    JsonNumber number;
    if (!number.read(text, at) || at != text.size())
      return -1;
    return number.millionths(0, 100);
  };
  CHECK(read("0") == 0);
  CHECK(read("-0.0e9") == 0);
  CHECK(read("20.0130004") == 20'013'000);
  CHECK(read("0.0000005") == 1);
  CHECK(read("2.5e1") == 25'000'000);
  CHECK(read("100") == 100'000'000);
  CHECK(read("1e2") == 100'000'000);
  CHECK(read("1000000000000000000000e-19") == 100'000'000);
  CHECK(read("1e-300") == 0);
  CHECK(read("-1e-300") == std::nullopt);
  CHECK(read("100.00000000000002") == std::nullopt);
  CHECK(read("1e308") == std::nullopt);
  for (const char *bad : {"", "-", "01", "1.", ".5", "+1", "1e", "1e+", "0x1", "1.797693134862316e308", "1e309", "1e99999999999"})
    CHECK_MESSAGE(read(bad) == -1, bad);
}

TEST_CASE("json: text is UTF-8, and a surrogate has its other half") {
  const auto is_json = [](const std::string &text) {
    return JsonReader(text).read([](std::string_view, const JsonValue &) {}) != JsonShape::kBroken;
  };
  for (const char *good : {R"("\ud83d\ude00")", R"("\u0041\n")", "\"\xc3\xa9\"", "\"\xf0\x9f\x98\x80\"", "[[],{}]", "{\"a\":[1]}"})
    CHECK_MESSAGE(is_json(good), good);
  for (const char *bad : {R"("\udc00\udc00")", R"("\ud83d")", R"("\ud83d\u0041")", R"("\u12g4")", R"("\q")", "\"\xc0\x80\"",
                          "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xc3\"", "\"\x01\"", "[1,]", "{\"a\"}", "{a:1}", "[1", "1 2"})
    CHECK_MESSAGE(!is_json(bad), bad);
}

TEST_CASE("json: a writer that is full says nothing rather than half of it") {
  char small[12], room[64];
  CHECK(JsonWriter(small, sizeof small).text("name", "window").done().empty());
  CHECK(JsonWriter(room, sizeof room).text("a", "\"\\\n").whole("b", -12).decimal("c", -1234, 2).done() ==
        "{\"a\":\"\\\"\\\\\\u000a\",\"b\":-12,\"c\":-12.34}");
  CHECK(JsonWriter(room, sizeof room).place("p", percent(33.36)).place("q", std::nullopt).done() == "{\"p\":33.4,\"q\":null}");
  CHECK(JsonWriter(room, sizeof room).decimals("v", std::vector<int>{1, -20, 300}, 1).decimals("w", std::vector<int>{}, 1).done() ==
        "{\"v\":[0.1,-2.0,30.0],\"w\":[]}");
}

TEST_CASE("the state of a window is small") { CHECK(sizeof(Device) + sizeof(Clip) + sizeof(Encoder) + sizeof(StallWatch) < 4096); }

TEST_CASE("how often somebody looks changes nothing") {
  for (const Micros step : {seconds(0.001), seconds(0.37), seconds(5)}) {
    auto config = chain_drive();
    config.duty.budget = seconds(7);
    Saved saved;
    saved.place = percent(10);
    Device device({config, seconds(30)}, saved, false, 0);
    device.connect(token("s"), seconds(1));
    device.press(Button::kOpen, token("h"), seconds(2));
    for (Micros now = seconds(2); now < seconds(10); now += step)
      device.advance(now);
    device.rain(true, seconds(10));
    device.disconnect(seconds(11));
    for (Micros now = seconds(11); now < seconds(100); now += step)
      device.advance(now);
    device.advance(seconds(100));
    CHECK(device.state().place == kClosed);
    CHECK(device.state().rev == 3);
    CHECK(device.state().source == Source::kSafety);
  }
}

namespace {

// A clip of features: the owner of all buffers.
struct Listening {
  explicit Listening(uint32_t samples)
      : sound(2 * samples), frames(FeatureMaker<float>::frames_of(samples)),
        clip({2 * samples, 2048, 0, seconds(30)}, sound.data()), features(*room, frames.data()) {}

  // Does all the work that there is, as a loop would.
  int step(bool link, bool may_work, Micros now) {
    int sent = 0;
    for (int i = 0; i < 1000; i++) {
      features.step(clip, link, may_work, now, [&](const FeatureMaker<float> &made) {
        char buffer[1536];
        message = encode_features(made, full_scale, buffer, sizeof buffer);
        sent += takes ? 1 : 0;
        return takes;
      });
    }
    return sent;
  }

  std::vector<uint8_t> sound;
  std::vector<SoundFrame<float>> frames;
  std::unique_ptr<FeatureRoom> room = std::make_unique<FeatureRoom>();
  Clip clip;
  ClipFeatures features;
  std::string message;
  int32_t full_scale = 0;
  bool takes = true;
};

// A tone of 1 kHz at a tenth of full scale: -23.01 dB, and as much in dB(A).
std::vector<uint8_t> tone(uint32_t samples) {
  std::vector<uint8_t> bytes;
  for (uint32_t n = 0; n < samples; n++) {
    const auto value = static_cast<int16_t>(std::lround(3276.8 * std::sin(2 * std::acos(-1.0) * n / 16)));
    bytes.push_back(static_cast<uint8_t>(value & 0xFF)), bytes.push_back(static_cast<uint8_t>(value >> 8 & 0xFF));
  }
  return bytes;
}

}  // namespace

TEST_CASE("features: they leave once, when all of the clip was heard, and nothing of it before") {
  Listening ear(16'000);
  const auto sound = tone(16'000);
  CHECK(ear.clip.record(1, 0, 0));
  ear.features.begin(ear.clip);
  ear.clip.feed(sound.data(), sound.size() - 2);
  CHECK(ear.step(true, true, seconds(1)) == 0);
  ear.clip.feed(sound.data() + sound.size() - 2, 2);
  CHECK(ear.step(true, false, seconds(1)) == 0);  // the motor runs
  CHECK(ear.step(false, true, seconds(2)) == 0);  // the link is lost
  ear.takes = false;
  CHECK(ear.step(true, true, seconds(3)) == 0);
  CHECK(ear.clip.is_busy());
  ear.takes = true;
  CHECK(ear.step(true, true, seconds(4)) == 1);
  CHECK_FALSE(ear.clip.is_busy());
  CHECK(ear.step(true, true, seconds(5)) == 0);
  CHECK(ear.clip.given_up() == 0);
  CHECK(ear.message.find("\"format\":\"features\",\"schema\":\"smart-window-57.v2\",\"values\":[") != std::string::npos);
  CHECK(ear.message.find("\"levels\":{\"la_eq\":-23.01,\"la_10\":-23.01,\"la_50\":-23.01,\"la_90\":-23.01,\"la_max\":-23.01}") != std::string::npos);
}

TEST_CASE("features: a calibrated microphone tells dB(A) as well, and a clip too short for an edge has levels") {
  Listening ear(4000);
  ear.full_scale = 12'000;
  const auto sound = tone(4000);
  ear.clip.record(1, 0, 0);
  ear.features.begin(ear.clip);
  ear.clip.feed(sound.data(), sound.size());
  CHECK(ear.step(true, true, 1) == 1);
  CHECK(ear.message.find("\"spl_eq\":9") != std::string::npos);
}

TEST_CASE("features: a clip that is not out in time is given up, and one that the owner ends says nothing") {
  Listening ear(4000);
  const auto sound = tone(4000);
  ear.clip.record(1, 0, 0);
  ear.features.begin(ear.clip);
  ear.clip.feed(sound.data(), sound.size());
  CHECK(ear.step(false, true, seconds(31)) == 0);
  CHECK(ear.clip.given_up() == 1);
  ear.clip.record(2, 0, seconds(40));
  ear.features.begin(ear.clip);
  ear.clip.feed(sound.data(), sound.size());
  ear.clip.give_up();
  CHECK(ear.step(true, true, seconds(41)) == 0);
  CHECK(ear.clip.given_up() == 2);
}

TEST_CASE("features: without memory for them a clip ends without a message") {
  std::vector<uint8_t> sound(8000);
  const auto room = std::make_unique<FeatureRoom>();
  Clip clip({8000, 2048, 0, seconds(30)}, sound.data());
  ClipFeatures features(*room, nullptr);
  clip.record(1, 0, 0);
  features.begin(clip);
  clip.feed(sound.data(), sound.size());
  const auto never = [](const FeatureMaker<float> &) {
    FAIL("it sent");
    return true;
  };
  features.step(clip, true, true, seconds(1), never);
  features.step(clip, true, true, seconds(31), never);
  CHECK_FALSE(clip.is_busy());
}

TEST_CASE("a halt for an update stops the motor and is no hand") {
  Saved saved;
  saved.place = kClosed;
  saved.hand_id = token("h0");
  Device device({}, saved, false, 0);
  device.press(Button::kOpen, token("h1"), seconds(1));
  const auto before = device.state();
  device.halt(seconds(6));
  CHECK(device.drive() == Drive::kOff);
  CHECK(device.state().place == percent(25));
  CHECK(device.state().target == percent(25));
  CHECK(device.state().hand_id == before.hand_id);
  CHECK(device.state().rev == before.rev);
  device.halt(seconds(7));
  CHECK(device.saved().place == percent(25));
}
