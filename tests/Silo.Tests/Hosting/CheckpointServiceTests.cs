using Kappa.Log;
using Kappa.Silo.Hosting;
using Kappa.Views;

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

    private static ViewInfo View(ViewStatus status, params long[] watermark) => new("v", 1, status, 0, new Cut(watermark), 0, 0, 0, 0, null, [], []);
}
