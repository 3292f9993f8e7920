using Kappa.Log;
using Kappa.Views;

namespace Kappa.Silo.Hosting;

/// <summary>Tells, from one silo of the cluster, how far the slowest view has come in each partition, so that silos can be started by lag.</summary>
/// <param name="isOurs">Whether this silo is to do it now.</param>
internal sealed partial class CheckpointService(
    Func<CancellationToken, ValueTask<IReadOnlyList<ViewInfo>>> list, Func<Cut, CancellationToken, Task> write, Func<bool> isOurs, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>As often as the scaler of infra/bicep asks; more often nobody would see.</summary>
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryWriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is how it ends.
        }
    }

    private async Task TryWriteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (isOurs() && SlowestOf(await list(stoppingToken)) is { } watermark)
                await write(watermark, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A silo that was lost, storage that is away: the next round tries again, and until then nothing but the scaling suffers.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotWritten(logger, e);
        }
    }

    /// <summary>What every view has dealt with that goes on; null if none does. One that has failed would have silos started for nothing.</summary>
    internal static Cut? SlowestOf(IReadOnlyList<ViewInfo> views)
    {
        var going = views.Where(view => view.Status is not (ViewStatus.Failed or ViewStatus.Stale)).Select(view => view.Watermark).ToArray();
        return going.Length == 0 ? null
            : new Cut([.. Enumerable.Range(0, going.Max(cut => cut.PartitionCount)).Select(partition => going.Min(cut => cut[partition]))]);
    }

    [LoggerMessage(1, LogLevel.Warning, "The checkpoints below Kappa:Azure:Checkpoints:Uri are not written, so silos are not started by what the views lag behind now; may the host's identity write there?")]
    private static partial void LogNotWritten(ILogger logger, Exception e);
}
