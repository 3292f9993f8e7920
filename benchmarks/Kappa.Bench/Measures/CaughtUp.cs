using Kappa.Engine;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Bench.Measures;

/// <summary>Waits until views have everything that the log had when asked.</summary>
internal static class CaughtUp
{
    private static readonly TimeSpan _waitMax = TimeSpan.FromMinutes(3);

    public static async Task WaitAsync(ViewEngine engine, ILogReader log)
    {
        var end = LogCuts.EndOf(log);
        using var patience = new CancellationTokenSource(_waitMax);
        while (true)
        {
            var views = await engine.ListAsync(patience.Token);
            if (views.All(view => view.Watermark.Covers(end)))
                return;
            if (views.FirstOrDefault(view => view.Status == ViewStatus.Failed) is { } failed)
                throw new InvalidOperationException($"{failed.View} failed: {failed.Problem}");
            await Task.Delay(2, patience.Token);
        }
    }
}
