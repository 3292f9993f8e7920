using System.Collections.Concurrent;
using Kappa.Grains.Hosting;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Kappa.Grains.Instances;

/// <summary>
/// Sees to it that changes are written within <see cref="GrainsOptions.WriteBehind"/>. Usually there is nothing left to do when an instance's time has
/// come, since its auditor asked meanwhile; so this is one queue for the silo instead of a timer and a call for each instance. Thread-safe.
/// </summary>
internal sealed class WriteBehind(IGrainFactory grains, GrainsOptions options, TimeProvider time, GrainsLog log) : BackgroundService
{
    private const int AtOnce = 128;

    private readonly ConcurrentQueue<(PendingWrite Write, long Since)> _queue = [];
    private readonly TimeSpan _period = TimeSpan.FromMilliseconds(Math.Max(1, options.WriteBehind.TotalMilliseconds / 8));

    /// <summary>The instance has changed. Called in its grain's turn.</summary>
    public void Later(PendingWrite write)
    {
        // Who was queued a moment ago is written in time for this change, too.
        if (write.QueuedAt is { } before && time.GetElapsedTime(before) < options.WriteBehind / 2)
            return;
        write.QueuedAt = time.GetTimestamp();
        _queue.Enqueue((write, write.QueuedAt.Value));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await WriteAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is written as the grains end.
        }
    }

    private async Task WriteAsync()
    {
        var due = options.WriteBehind - 2 * _period;
        var writing = new List<Task>(AtOnce);
        while (_queue.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) >= due && _queue.TryDequeue(out oldest))
        {
            if (oldest.Write.IsDirty)
                writing.Add(WriteAsync(oldest.Write));
            if (writing.Count < AtOnce)
                continue;
            await Task.WhenAll(writing).ConfigureAwait(false);
            writing.Clear();
        }
        await Task.WhenAll(writing).ConfigureAwait(false);
    }

    private async Task WriteAsync(PendingWrite write)
    {
        try
        {
            await grains.GetGrain<IViewGrain>(write.Grain).FlushAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A silo that is leaving, storage that is away: the auditor makes up for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LostWriteBehind(write.Grain, e);
        }
    }
}
