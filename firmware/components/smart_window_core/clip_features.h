// SPDX-License-Identifier: Apache-2.0
// Features of a clip that is being recorded, and the message that carries them instead of sound.
#pragma once
#include <string_view>

#include "clip.h"
#include "json_writer.h"
#include "messages.h"
#include "sound_features.h"

namespace window_core {

// What the numbers are reckoned in, made once. It holds no state of the window: as the clip's buffer, it is room to work in.
struct FeatureRoom {
  SpectrumTables<float> tables;
  Spectrum<float> spectrum;
};

class ClipFeatures {
 public:
  // `frames` holds FeatureMaker<float>::frames_of(samples of the clip) frames; null: there is no memory.
  ClipFeatures(FeatureRoom &room, SoundFrame<float> *frames)
      : maker_(room.tables, room.spectrum, frames), has_room_(frames != nullptr) {}

  // The clip has just begun.
  void begin(const Clip &clip) {
    if (has_room_)
      maker_.begin(clip.sound(), clip.bytes() / 2);
  }

  // Does at most one piece of work, then hands the features over once they are there: send(maker) says whether they were
  // taken. One that is not out in time is given up, as a clip in chunks is.
  template<typename Send> void step(Clip &clip, bool link, bool may_work, Micros now, Send &&send) {
    if (!clip.is_busy() || clip.give_up_if_late(now))
      return;
    if (may_work)
      maker_.step(clip.filled() / 2);
    if (maker_.is_done() && link && send(static_cast<const FeatureMaker<float> &>(maker_)))
      clip.finish();
  }

 private:
  FeatureMaker<float> maker_;
  bool has_room_;
};

// Levels in dB(A): re full scale, and, where the microphone's data sheet says what full scale is, re 20 uPa.
// full_scale: hundredths of a dB(A) that a level of 0 stands for; 0: not known.
inline std::string_view encode_features(const FeatureMaker<float> &features, int32_t full_scale, char *buffer,
                                        size_t capacity) {
  constexpr int kDecimals = 5;
  int64_t values[kFeatures];
  for (int i = 0; i < kFeatures; i++)
    values[i] = std::llround(static_cast<double>(features.value(i)) * 1e5);
  char inside[256];
  JsonWriter levels(inside, sizeof inside);
  constexpr const char *relative[kLevels] = {"la_eq", "la_10", "la_50", "la_90", "la_max"};
  constexpr const char *absolute[kLevels] = {"spl_eq", "spl_10", "spl_50", "spl_90", "spl_max"};
  int64_t hundredths[kLevels];
  for (int i = 0; i < kLevels; i++) {
    hundredths[i] = std::llround(static_cast<double>(features.level(i)) * 100);
    levels.decimal(relative[i], hundredths[i], 2);
  }
  for (int i = 0; i < kLevels && full_scale != 0; i++)
    levels.decimal(absolute[i], hundredths[i] + full_scale, 2);
  JsonWriter json(buffer, capacity);
  json.text("format", "features").text("schema", kFeatureSchema).decimals("values", values, kDecimals);
  return json.raw("levels", levels.done()).done();
}

}  // namespace window_core
