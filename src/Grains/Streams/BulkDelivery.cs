using Kappa.Grains.Auditing;
using Kappa.Grains.Builds;
using Orleans;

namespace Kappa.Grains.Streams;

/// <summary>
/// Has auditors bring the instances a stretch of one partition that is too long for streams. A stream costs a call for every few events; an auditor
/// brings an instance all it must have of a window with one call, which proves it too. Streams wait meanwhile: what comes out of order is folded
/// twice. Used by one receiver, one call at a time.
/// </summary>
internal sealed class BulkDelivery(FanOut fanOut, IGrainFactory grains, int partition)
{
    /// <summary>So far behind, streams give way: they take about half a second for so many events of one partition.</summary>
    public const int BehindEvents = 8_192;

    private const int WaitMilliseconds = 1_000;

    private HashSet<BuildName>? _streamed;

    /// <summary>
    /// Where streams are far behind the end, have only begun, or a build came to be served by them, returns the end, once each live build has everything
    /// before it, but for those whose auditor does not get on: their events come once it does. Else returns at once where streams are.
    /// </summary>
    public async Task<long> PassAsync(long next, Func<long> end, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (to, builds) = (end(), fanOut.Builds().ToHashSet());
            if (_streamed is not null && to - next <= BehindEvents && builds.IsSubsetOf(_streamed))
            {
                _streamed = builds;
                return next;
            }
            await Task.WhenAll(builds.Select(build => BringAsync(build, to, cancellationToken)));
            (next, _streamed) = (to, builds);
        }
    }

    private async Task BringAsync(BuildName build, long next, CancellationToken cancellationToken)
    {
        var auditor = grains.GetGrain<IPartitionAuditorGrain>(PartitionAuditorGrain.KeyOf(build, partition));
        try
        {
            for (long before = -1, now = 0; now < next && now != before;)
                (before, now) = (now, await auditor.BringAsync(next, WaitMilliseconds).WaitAsync(cancellationToken));
        }
#pragma warning disable CA1031 // An auditor that cannot be asked is about to move or to end; streams need not wait for it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
        }
    }
}
