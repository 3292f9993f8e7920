using Kappa.Grains.Hosting;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Kappa.Grains.Builds;

/// <summary>Sees to it, from every silo, that each view has its builds and each build its auditors; so the loss of a silo holds them up for a moment only.</summary>
internal sealed class ViewUpkeep(GrainsContext context, BuildDirectory directory) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, context.Time);
        try
        {
            do
                await Task.WhenAll(context.Catalogue.Names.Select(view => LookAfterAsync(view, stoppingToken))).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is how it ends.
        }
    }

    private async Task LookAfterAsync(string view, CancellationToken stoppingToken)
    {
        try
        {
            await context.Grains.GetGrain<IViewBuildsGrain>(view).LookAfterAsync().WaitAsync(stoppingToken).ConfigureAwait(false);
            await directory.RefreshAsync(view).WaitAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A silo that stops need not wait for an answer.
        }
#pragma warning disable CA1031 // A silo that is leaving, storage that is away: the next round tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Log.UpkeepFailed(view, e);
        }
    }
}
