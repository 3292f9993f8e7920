using System.Threading.Channels;
using Kappa.Log;
using Kappa.Silo.Hosting;
using Kappa.Tests.Capture;
using Kappa.Views;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kappa.Tests.Hosting;

/// <summary>How far all views have come together, for the scaler.</summary>
public sealed class CheckpointServiceTests
{
    [Fact]
    public void The_slowest_view_counts_in_each_partition() =>
        Assert.Equal(new Cut([3, 2, 0]), CheckpointService.SlowestOf([View(ViewStatus.Live, 3, 9, 0), View(ViewStatus.CatchingUp, 8, 2, 1)]));

    [Fact]
    public void A_view_that_does_not_go_on_counts_for_nothing_since_no_silo_more_would_help_it()
    {
        Assert.Equal(new Cut([5]), CheckpointService.SlowestOf([View(ViewStatus.Live, 5), View(ViewStatus.Failed, 1), View(ViewStatus.Stale, 2)]));
        Assert.Null(CheckpointService.SlowestOf([View(ViewStatus.Failed, 1)]));
        Assert.Null(CheckpointService.SlowestOf([]));
    }

    [Fact]
    public async Task One_silo_writes_every_half_minute_and_a_failure_is_tried_again()
    {
        var (time, written, isOurs, fails) = (new SteppedTime(), Channel.CreateUnbounded<Cut>(), false, false);
        var asked = Channel.CreateUnbounded<bool>();
        using var service = new CheckpointService(
            _ => new([View(ViewStatus.Live, 5)]),
            (cut, stop) => fails ? throw new IOException("away") : written.Writer.WriteAsync(cut, stop).AsTask(),
            () => asked.Writer.TryWrite(isOurs) && isOurs, time, NullLogger.Instance);
        await service.StartAsync(CancellationToken.None);
        await time.IsAwaited.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(await RoundAsync());
        Assert.False(await RoundAsync());
        (isOurs, fails) = (true, true);
        Assert.True(await RoundAsync());
        fails = false;
        Assert.True(await RoundAsync());
        Assert.Equal(new Cut([5]), await written.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        await service.StopAsync(CancellationToken.None);
        Assert.Equal(0, written.Reader.Count);

        async Task<bool> RoundAsync()
        {
            time.Pass(TimeSpan.FromSeconds(30));
            return await asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private static ViewInfo View(ViewStatus status, params long[] watermark) => new("v", 1, status, 0, new Cut(watermark), 0, 0, 0, 0, null, [], []);
}
