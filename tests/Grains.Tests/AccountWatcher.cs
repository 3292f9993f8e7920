using System.Globalization;
using System.Text.Json;
using Kappa.Contracts;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>Watches an account of an <see cref="AccountLoad"/> and checks each state that comes: no gap, no repeat, no state that is not that of its version.</summary>
internal sealed class AccountWatcher(string key, WatchMode mode)
{
    private ViewEnvelope? _last;

    public string Key => key;
    public long Version => Volatile.Read(ref _last)?.Version ?? -1;
    public int ViewVersion => Volatile.Read(ref _last)?.ViewVersion ?? 0;
    public long Delivered { get; private set; }
    public long Resets { get; private set; }

    /// <summary>Watches until it has seen a version of a view version, or the time is over.</summary>
    public async Task UntilAsync(IViews views, Func<long> version, Func<int> viewVersion, CancellationToken cancellationToken)
    {
        await foreach (var envelope in views.WatchAsync("account", key, _last?.Token, mode, cancellationToken))
        {
            Check(envelope);
            if (envelope.Version >= version() && envelope.ViewVersion >= viewVersion())
                return;
        }
    }

    private void Check(ViewEnvelope now)
    {
        Delivered++;
        var words = string.Create(CultureInfo.InvariantCulture, $"{key}: {now.Token} (v{now.ViewVersion}, reset {now.Reset}) after {_last?.Token}");
        if (_last is { } last)
        {
            Assert.True(now.Token.Generation >= last.Token.Generation, "an older generation: " + words);
            Assert.True(now.Reset == now.Token.Generation > last.Token.Generation, "a reset and a new generation go together: " + words);
            if (now.Reset)
                Resets++;
            else if (mode == WatchMode.Every)
                Assert.True(now.Version == last.Version + 1, "a gap or a repeat: " + words);
            else
                Assert.True(now.Version > last.Version, "a repeat: " + words);
        }
        if (!now.State.IsEmpty)
        {
            using var state = JsonDocument.Parse(now.State);
            Assert.Equal((now.Version, now.Version), (state.RootElement.GetProperty("events").GetInt64(), (long)state.RootElement.GetProperty("balance").GetDecimal()));
        }
        Volatile.Write(ref _last, now);
    }
}
