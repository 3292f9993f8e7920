using System.Collections.Concurrent;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>The highest that any reader has been shown of each key: a read that begins afterwards, wherever, must not go below it. Thread-safe.</summary>
internal sealed class ReadFloor
{
    private readonly ConcurrentDictionary<string, (long Version, long Generation)> _shown = new(StringComparer.Ordinal);
    private long _reads;

    public long Reads => Volatile.Read(ref _reads);

    public async Task<ViewEnvelope?> ReadAsync(IViews views, string key, CancellationToken cancellationToken)
    {
        var (version, generation) = _shown.GetValueOrDefault(key);
        if ((await views.ReadAsync("account", key, cancellationToken: cancellationToken)).Envelope is not { } now)
            return null;
        Assert.True(now.Version >= version, $"{key}: version {now.Version} of v{now.ViewVersion} was read after {version}");
        Assert.True(now.Token.Generation >= generation, $"{key}: generation {now.Token.Generation} of v{now.ViewVersion} was read after {generation}");
        _shown.AddOrUpdate(key, (now.Version, now.Token.Generation),
            (_, old) => (Math.Max(old.Version, now.Version), Math.Max(old.Generation, now.Token.Generation)));
        Interlocked.Increment(ref _reads);
        return now;
    }
}
