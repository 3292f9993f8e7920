using System.Net;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Dashboard;
using Kappa.Web.Dashboard.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kappa.Tests.Dashboard;

/// <summary>What the overview shows of a view.</summary>
public sealed class ViewCardTests
{
    private static readonly ViewInfo _view = new("orders", 1, ViewStatus.Live, 12, new Cut([90, 40]), 15, 130, 0, 0, null, [], []);

    [Fact]
    public async Task An_engine_over_streams_shows_its_repairs_beside_the_lag_for_each_partition()
    {
        var text = await TextAsync(_view with { Repairs = [3, 1204] });
        Assert.Contains("Lag 15", text, StringComparison.Ordinal);
        Assert.Contains("Repairs 1,207", text, StringComparison.Ordinal);
        Assert.Contains("Partition Watermark Lag Repairs 0 90 10 3 1 40 5 1,204", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_has_nothing_to_repair_shows_no_repairs()
    {
        var text = await TextAsync(_view);
        Assert.Contains("Partition Watermark Lag 0 90 10 1 40 5", text, StringComparison.Ordinal);
        Assert.DoesNotContain("epair", text, StringComparison.Ordinal);
    }

    /// <summary>Tags away, white space as one blank.</summary>
    private static async Task<string> TextAsync(ViewInfo view)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ViewCard>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(ViewCard.View)] = new ViewSample(view, 0),
            [nameof(ViewCard.Partitions)] = new[] { new PartitionSample(0, 0, 100, 0), new PartitionSample(1, 0, 45, 0) },
        }))).ToHtmlString());
        return string.Join(' ', WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html, "<[^>]*>", " ")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
