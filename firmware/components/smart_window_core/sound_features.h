// SPDX-License-Identifier: Apache-2.0
// A clip's sound → the numbers that the model needs, so that no sound has to leave the window: the schema
// smart-window-57.v2 of contract/features.yaml, within the tolerance that tests/firmware/test_features.py states.
//
// The work is done in small pieces, a frame at a time, while the clip is still being recorded.
#pragma once
#include <algorithm>

#include "spectrum.h"

namespace window_core {

constexpr const char *kFeatureSchema = "smart-window-57.v2";
constexpr int kMfcc = 20, kShapes = 4, kLevels = 5;
constexpr int kFirstLevel = 2 * kMfcc + 2 * kShapes;
constexpr int kFeatures = kFirstLevel + kLevels + 4;  // and two shares, flux and crest

// What is kept of a frame until the loudest of all frames is known.
template<typename Real> struct SoundFrame {
  int16_t mel[kMels];    // hundredths of a dB
  Real shape[kShapes];   // centroid and rolloff in Hz, RMS, share of zero crossings
  Real a_power;          // A-weighted mean square
};

// A running mean and variance (Welford).
template<typename Real> struct Moments {
  Real mean{0}, squares{0};

  void add(Real value, Real count) {
    const Real off = value - mean;
    mean = mean + off / count;
    squares = squares + off * (value - mean);
  }
  Real deviation(Real count) const {
    using std::sqrt;
    return sqrt(squares / count);
  }
};

template<typename Real> class FeatureMaker {
 public:
  static constexpr uint32_t kMaxSamples = (kBins - 1) * kHop - 1;  // as many frames as the spectrum has room for

  // Frames of a clip of so many samples: one centred on each hop, the first and the last half in silence.
  static constexpr uint32_t frames_of(uint32_t samples) { return 1 + samples / kHop; }

  // `frames` holds what frames_of says of the longest clip; it is the owner's, as the sound is.
  FeatureMaker(const SpectrumTables<Real> &tables, Spectrum<Real> &spectrum, SoundFrame<Real> *frames)
      : tables_(tables), spectrum_(spectrum), frames_(frames) {}

  // A new clip of so many samples, 16 bits each, low byte first. They are read as they arrive in `sound`.
  void begin(const uint8_t *sound, uint32_t samples) {
    sound_ = sound;
    samples_ = samples;
    analysed_ = described_ = 0;
    loudest_ = INT16_MIN;
    low_ = high_ = whole_ = Real(0);
    rises_ = squares_ = 0;
    peak_ = 0;
    for (auto &moments : mfcc_)
      moments = {};
    for (auto &moments : shape_)
      moments = {};
    is_done_ = false;
  }

  bool is_done() const { return is_done_; }

  // Does one piece of work, if the first `arrived` samples are enough for it. True where it did.
  bool step(uint32_t arrived) {
    if (is_done_ || sound_ == nullptr)
      return false;
    if (analysed_ < frames_of(samples_)) {
      const uint32_t needed = analysed_ * kHop + kFrame / 2;
      if (arrived < (needed < samples_ ? needed : samples_))
        return false;
      analyse(analysed_++);
    } else if (described_ < analysed_) {
      for (uint32_t i = 0; i < kDescribedAtOnce && described_ < analysed_; i++)
        describe(described_++);
    } else {
      conclude();
    }
    return true;
  }

  // In the schema's order, once it is done.
  Real value(int index) const { return values_[index]; }
  // The equivalent level, those exceeded in 10, 50 and 90 % of the time, and the greatest; dB(A) re full scale.
  Real level(int index) const { return values_[kFirstLevel + index]; }

 private:
  // The first and last two frames are half silence, too quiet for a level.
  static constexpr uint32_t kEdgeFrames = 2, kFewFrames = 8;
  static constexpr uint32_t kDescribedAtOnce = 8;  // about as much work as the analysis of one frame
  static constexpr int kTopDb = 80;  // what is so much softer than the loudest band of the clip counts as that soft

  int32_t sample(int64_t at) const {
    if (at < 0 || at >= samples_)
      return 0;
    return static_cast<int16_t>(static_cast<uint16_t>(sound_[2 * at] | sound_[2 * at + 1] << 8));
  }

  void analyse(uint32_t index) {
    const int64_t from = int64_t{index} * kHop - kFrame / 2;
    constexpr float per_step = 1.0f / 32768;
    spectrum_.transform(tables_, [&](int n) { return Real(static_cast<float>(sample(from + n)) * per_step); });
    auto &frame = frames_[index];
    hear_bands(frame);
    hear_shares();
    hear_shape(frame);
    hear_wave(frame, from);
    hear_peak(int64_t{index} * kHop);
  }

  // Each bin lies between two edges: it falls in the band before and rises in the band behind.
  void hear_bands(SoundFrame<Real> &frame) {
    using std::log10;
    constexpr float bin_hz = static_cast<float>(kSoundRate) / kFrame;
    Real band[kMels];
    for (auto &power : band)
      power = Real(0);
    Real weighted(0);
    int edge = 0;
    for (int bin = 0; bin < kBins; bin++) {
      const Real hertz(static_cast<float>(bin) * bin_hz), power = spectrum_.power(bin);
      weighted = weighted + power * tables_.a_power(bin);
      while (edge < kMels && tables_.edge(edge + 1) < hertz)
        edge++;
      const Real rise = (hertz - tables_.edge(edge)) * tables_.per_width(edge), part = power * rise;
      if (edge < kMels)
        band[edge] = band[edge] + part;
      if (edge > 0)
        band[edge - 1] = band[edge - 1] + (power - part);
    }
    frame.a_power = weighted;
    for (int m = 0; m < kMels; m++) {
      const Real power = band[m] * tables_.band_gain(m), least(1e-10f);
      const Real hundredths = Real(1000) * log10(power < least ? least : power);
      frame.mel[m] = static_cast<int16_t>(static_cast<int>(hundredths < Real(0) ? hundredths - Real(0.5f) : hundredths + Real(0.5f)));
      loudest_ = std::max(loudest_, frame.mel[m]);
    }
  }

  // How much of the power lies below 250 Hz and above 2 kHz.
  void hear_shares() {
    constexpr int low_bin = 250 * kFrame / kSoundRate, high_bin = 2000 * kFrame / kSoundRate;
    static_assert(low_bin * kSoundRate == 250 * kFrame && high_bin * kSoundRate == 2000 * kFrame, "both are bins");
    Real low(0), middle(0), high(0);
    for (int bin = 1; bin < low_bin; bin++)
      low = low + spectrum_.power(bin);
    for (int bin = low_bin; bin <= high_bin; bin++)
      middle = middle + spectrum_.power(bin);
    for (int bin = high_bin + 1; bin < kBins - 1; bin++)
      high = high + spectrum_.power(bin);
    // The first and the last bin have one side, all others two.
    low = low + low + spectrum_.power(0);
    high = high + high + spectrum_.power(kBins - 1);
    low_ = low_ + low;
    high_ = high_ + high;
    whole_ = whole_ + (low + middle + middle + high);
  }

  // Centre of the magnitudes, and the frequency below which 85 % of them lie.
  void hear_shape(SoundFrame<Real> &frame) {
    constexpr float bin_hz = static_cast<float>(kSoundRate) / kFrame;
    Real total(0), moment(0), below(0);
    spectrum_.to_magnitudes();
    for (int bin = 0; bin < kBins; bin++) {
      const Real magnitude = spectrum_.magnitude(bin);
      total = total + magnitude;
      moment = moment + magnitude * Real(static_cast<float>(bin));
    }
    const Real share = total * Real(0.85f);
    int bin = 0;
    for (; bin < kBins - 1; bin++) {
      below = below + spectrum_.magnitude(bin);
      if (!(below < share))
        break;
    }
    frame.shape[0] = Real(0) < total ? moment / total * Real(bin_hz) : Real(0);
    frame.shape[1] = Real(static_cast<float>(bin) * bin_hz);
  }

  // From the samples themselves, in whole numbers. Beyond its ends the clip is silent for the RMS and goes on with the
  // same sign for the crossings.
  void hear_wave(SoundFrame<Real> &frame, int64_t from) {
    using std::sqrt;
    int64_t squares = 0;
    int32_t crossings = 0;
    const int64_t begin = std::max<int64_t>(from, 0), end = std::min<int64_t>(from + kFrame, samples_);
    for (int64_t at = begin; at < end; at++) {
      const int32_t now = sample(at);
      squares += int64_t{now} * now;
      if (at > begin)
        crossings += (now < 0) != (sample(at - 1) < 0) ? 1 : 0;
    }
    constexpr float full = 32768.0f * 32768.0f * kFrame;
    frame.shape[2] = sqrt(Real(static_cast<float>(squares) / full));
    frame.shape[3] = Real(static_cast<float>(crossings) / kFrame);
  }

  // The peak and the power of the samples that the frame before had not reached yet, in whole numbers.
  void hear_peak(int64_t from) {
    const int64_t end = std::min<int64_t>(from + kHop, samples_);
    for (int64_t at = from; at < end; at++) {
      const int64_t now = sample(at), square = now * now;
      squares_ += square;
      peak_ = std::max(peak_, square);
    }
  }

  // A band's level in hundredths of a dB, no lower than the loudest of the clip allows.
  int heard(uint32_t index, int m) const { return std::max<int>(frames_[index].mel[m], loudest_ - kTopDb * 100); }

  void describe(uint32_t index) {
    const auto &frame = frames_[index];
    const Real count(static_cast<float>(index + 1));
    Real decibel[kMels];
    for (int m = 0; m < kMels; m++) {
      const int now = heard(index, m);
      decibel[m] = Real(static_cast<float>(now) * 0.01f);
      rises_ += index == 0 ? 0 : std::max(0, now - heard(index - 1, m));
    }
    // The orthonormal DCT-II: cos(pi k (2m + 1) / 256), which is 4 k (2m + 1) of 2048 parts of a turn.
    constexpr float of_first = 0.08838834764f, of_others = 0.125f;  // sqrt(1/128), sqrt(2/128)
    for (int k = 0; k < kMfcc; k++) {
      Real sum(0);
      for (int m = 0; m < kMels; m++)
        sum = sum + decibel[m] * tables_.cosine_of_any(static_cast<uint32_t>(4 * k * (2 * m + 1)));
      mfcc_[k].add(sum * Real(k == 0 ? of_first : of_others), count);
    }
    for (int shape = 0; shape < kShapes; shape++)
      shape_[shape].add(frame.shape[shape], count);
  }

  void conclude() {
    const Real count(static_cast<float>(described_));
    for (int k = 0; k < kMfcc; k++) {
      values_[k] = mfcc_[k].mean;
      values_[kMfcc + k] = mfcc_[k].deviation(count);
    }
    for (int shape = 0; shape < kShapes; shape++) {
      values_[2 * kMfcc + 2 * shape] = shape_[shape].mean;
      values_[2 * kMfcc + 2 * shape + 1] = shape_[shape].deviation(count);
    }
    conclude_levels();
    conclude_rest();
    is_done_ = true;
  }

  void conclude_levels() {
    uint32_t from = 0, until = analysed_;
    if (analysed_ > kFewFrames)
      from += kEdgeFrames, until -= kEdgeFrames;
    const uint32_t count = until - from;
    Real *powers = spectrum_.scratch();
    Real sum(0);
    for (uint32_t i = 0; i < count; i++) {
      const Real least(1e-12f), power = frames_[from + i].a_power;
      powers[i] = power < least ? least : power;
      sum = sum + powers[i];
    }
    std::sort(powers, powers + count);
    const auto exceeded = [&](uint32_t percent_below) {
      const uint32_t hundredths = (count - 1) * percent_below, at = hundredths / 100;
      const Real low = decibel(powers[at]);
      if (hundredths % 100 == 0)
        return low;
      return low + (decibel(powers[at + 1]) - low) * Real(static_cast<float>(hundredths % 100) * 0.01f);
    };
    Real *level = values_ + kFirstLevel;
    level[0] = decibel(sum / Real(static_cast<float>(count)));
    level[1] = exceeded(90);
    level[2] = exceeded(50);
    level[3] = exceeded(10);
    level[4] = exceeded(100);
  }

  void conclude_rest() {
    Real *rest = values_ + kFirstLevel + kLevels;
    const bool is_silent = !(Real(0) < whole_);
    rest[0] = is_silent ? Real(0) : low_ / whole_;
    rest[1] = is_silent ? Real(0) : high_ / whole_;
    // Of all bands and all steps from one frame to the next; a clip of one frame has none.
    const float steps = static_cast<float>(analysed_ > 1 ? analysed_ - 1 : 1) * kMels * 100;
    rest[2] = Real(static_cast<float>(rises_) / steps);
    const float mean = static_cast<float>(squares_) / static_cast<float>(samples_);
    rest[3] = decibel(Real(squares_ == 0 ? 1.0f : static_cast<float>(peak_) / mean));
  }

  static Real decibel(Real power) {
    using std::log10;
    return Real(10) * log10(power);
  }

  const SpectrumTables<Real> &tables_;
  Spectrum<Real> &spectrum_;
  SoundFrame<Real> *frames_;
  const uint8_t *sound_{nullptr};
  uint32_t samples_{0}, analysed_{0}, described_{0};
  Moments<Real> mfcc_[kMfcc], shape_[kShapes];
  Real low_{0}, high_{0}, whole_{0};                 // of the power of all frames
  int64_t rises_{0}, squares_{0}, peak_{0};          // hundredths of a dB; squared samples
  Real values_[kFeatures]{};
  int16_t loudest_{INT16_MIN};
  bool is_done_{false};
};

}  // namespace window_core
