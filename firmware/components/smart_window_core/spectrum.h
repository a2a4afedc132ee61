// SPDX-License-Identifier: Apache-2.0
// The power spectrum of a frame of sound, and the tables that turn it into mel bands and dB(A).
//
// Real is float; a test and the benchmark put in a number that counts what is done with it. The tables are made once, at
// set-up, in double; afterwards nothing allocates and no function of the C library is called but sqrt and log10.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace window_core {

constexpr int kSoundRate = 16'000;
constexpr int kFrame = 2048, kHop = 512;    // samples
constexpr int kBins = kFrame / 2 + 1;
constexpr int kMels = 128;

template<typename Real> class SpectrumTables {
 public:
  SpectrumTables() {
    const double turn = 2 * std::acos(-1.0) / kFrame;
    for (int n = 0; n <= kFrame / 2; n++)
      cosine_[n] = Real(static_cast<float>(std::cos(turn * n)));
    make_edges();
    make_weighting();
  }

  // cos and sin of n of 2048 parts of a turn, for half a turn.
  Real cosine(int n) const { return cosine_[n]; }
  Real sine(int n) const { return cosine_[n < kFrame / 4 ? kFrame / 4 - n : n - kFrame / 4]; }
  // The same for any n that is not negative.
  Real cosine_of_any(uint32_t n) const {
    n %= kFrame;
    return cosine_[n <= kFrame / 2 ? n : kFrame - n];
  }
  // Hann's window over the frame (periodic), between 0 and 1.
  Real window(int n) const { return Real(0.5f) - Real(0.5f) * cosine_of_any(static_cast<uint32_t>(n)); }

  // Edge `e` of the mel bands in Hz: band m rises from edge m to m + 1, and falls to m + 2.
  Real edge(int e) const { return edge_[e]; }
  Real per_width(int e) const { return per_width_[e]; }  // 1 / (edge e + 1 - edge e)
  Real band_gain(int m) const { return band_gain_[m]; }  // makes the triangles equal in area
  // What turns a bin's power into its part of the frame's A-weighted mean square.
  Real a_power(int bin) const { return a_power_[bin]; }

 private:
  // Slaney's mel scale (Auditory Toolbox, 1998), as librosa's default: linear to 1 kHz, logarithmic above.
  void make_edges() {
    constexpr double linear_hz = 200.0 / 3, break_hz = 1000, break_mel = 15;
    const double log_step = std::log(6.4) / 27;
    const double top = break_mel + std::log(kSoundRate / 2 / break_hz) / log_step;
    double edges[kMels + 2];
    for (int e = 0; e < kMels + 2; e++) {
      const double mel = top * e / (kMels + 1);
      edges[e] = mel < break_mel ? mel * linear_hz : break_hz * std::exp(log_step * (mel - break_mel));
      edge_[e] = Real(static_cast<float>(edges[e]));
    }
    for (int e = 0; e < kMels + 1; e++)
      per_width_[e] = Real(static_cast<float>(1 / (edges[e + 1] - edges[e])));
    for (int m = 0; m < kMels; m++)
      band_gain_[m] = Real(static_cast<float>(2 / (edges[m + 2] - edges[m])));
  }

  // The A curve of IEC 61672-1:2013, Annex E, as a gain in power, times Parseval's factor of a Hann frame.
  void make_weighting() {
    const auto square = [](double x) { return x * x; };
    const double c1 = square(12194.217), c2 = square(20.598997), c3 = square(107.65265), c4 = square(737.86223);
    const double window_power = kFrame * 3.0 / 8;  // sum of the squared window
    for (int bin = 0; bin < kBins; bin++) {
      const double f2 = square(static_cast<double>(bin) * kSoundRate / kFrame);
      const double gain = c1 * f2 * f2 / ((f2 + c1) * (f2 + c2) * std::sqrt((f2 + c3) * (f2 + c4)));
      const double sides = bin == 0 || bin == kBins - 1 ? 1 : 2;
      a_power_[bin] = Real(static_cast<float>(gain * gain * std::pow(10, 0.2) * sides / (kFrame * window_power)));
    }
  }

  Real cosine_[kFrame / 2 + 1];
  Real edge_[kMels + 2], per_width_[kMels + 1], band_gain_[kMels];
  Real a_power_[kBins];
};

// A frame on its way to its power spectrum: |X|² of each bin stands in power(bin) afterwards.
template<typename Real> class Spectrum {
 public:
  static constexpr int kPoints = kFrame / 2;  // of the complex transform: two real samples make one point

  Real power(int bin) const { return re_[bin]; }
  // |X| instead of |X|² from now on.
  void to_magnitudes() {
    using std::sqrt;
    for (auto &power : re_)
      power = sqrt(power);
  }
  Real magnitude(int bin) const { return re_[bin]; }
  // Room for kBins numbers, until the next transform.
  Real *scratch() { return re_; }

  // sample(n) is the n-th of 2048 samples.
  template<typename Sample> void transform(const SpectrumTables<Real> &tables, Sample &&sample) {
    for (int n = 0; n < kPoints; n++) {
      const int at = reversed(n);
      re_[at] = sample(2 * n) * tables.window(2 * n);
      im_[at] = sample(2 * n + 1) * tables.window(2 * n + 1);
    }
    for (int half = 1; half < kPoints; half *= 2)
      combine(tables, half);
    unfold(tables);
  }

 private:
  static int reversed(int n) {
    int out = 0;
    for (int bit = 1; bit < kPoints; bit *= 2, n /= 2)
      out = out * 2 + n % 2;
    return out;
  }

  // One stage of the radix-2 transform: pairs that lie `half` apart.
  void combine(const SpectrumTables<Real> &tables, int half) {
    const int stride = kFrame / (2 * half);
    for (int j = 0; j < half; j++) {
      const Real c = tables.cosine(j * stride), s = tables.sine(j * stride);
      for (int low = j; low < kPoints; low += 2 * half) {
        const int high = low + half;
        const Real re = re_[high] * c + im_[high] * s, im = im_[high] * c - re_[high] * s;
        re_[high] = re_[low] - re, im_[high] = im_[low] - im;
        re_[low] = re_[low] + re, im_[low] = im_[low] + im;
      }
    }
  }

  // From the transform of the pairs to the powers of the samples' own transform, bins k and kPoints - k at a time.
  void unfold(const SpectrumTables<Real> &tables) {
    const Real first = re_[0] + im_[0], last = re_[0] - im_[0], quarter(0.25f);
    for (int k = 1; k < kPoints / 2; k++) {
      const int m = kPoints - k;
      const Real even_re = re_[k] + re_[m], even_im = im_[k] - im_[m];
      const Real odd_re = im_[k] + im_[m], odd_im = re_[m] - re_[k];
      const Real c = tables.cosine(k), s = tables.sine(k);
      const Real turned_re = odd_re * c + odd_im * s, turned_im = odd_im * c - odd_re * s;
      re_[k] = quarter * (squared(even_re + turned_re) + squared(even_im + turned_im));
      re_[m] = quarter * (squared(even_re - turned_re) + squared(even_im - turned_im));
    }
    re_[kPoints / 2] = squared(re_[kPoints / 2]) + squared(im_[kPoints / 2]);
    re_[0] = squared(first);
    re_[kPoints] = squared(last);
  }

  static Real squared(Real x) { return x * x; }

  Real re_[kBins], im_[kPoints];
};

}  // namespace window_core
