using System.Collections.Concurrent;
using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>What this process knows of the builds of views, under leases. Thread-safe.</summary>
internal sealed class BuildDirectory(IGrainFactory grains, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Leased> _views = new(StringComparer.Ordinal);

    /// <summary>The builds of a view; asks for them if the lease is over.</summary>
    public async ValueTask<BuildsSnapshot> GetAsync(string view)
    {
        if (_views.TryGetValue(view, out var known) && time.GetElapsedTime(known.Since).TotalMilliseconds < known.Snapshot.LeaseMilliseconds)
            return known.Snapshot;
        return await RefreshAsync(view).ConfigureAwait(false);
    }

    /// <summary>Asks for the builds of a view; waits while another one is promoted.</summary>
    public async Task<BuildsSnapshot> RefreshAsync(string view)
    {
        // From before the question, so that it ends here before it ends there.
        var since = time.GetTimestamp();
        var snapshot = await grains.GetGrain<IViewBuildsGrain>(view).LeaseAsync().ConfigureAwait(false);
        _views[view] = new Leased(snapshot, since);
        return snapshot;
    }

    /// <summary>The builds of a view that streams bring events to, as known last.</summary>
    public IEnumerable<BuildName> Live(string view) => _views.TryGetValue(view, out var known)
        ? known.Snapshot.Builds.Where(build => build.IsLive).Select(build => build.Entry.Name)
        : [];

    private sealed record Leased(BuildsSnapshot Snapshot, long Since);
}
