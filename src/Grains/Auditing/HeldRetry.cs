using Kappa.Engine.History;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
using Kappa.Grains.Instances;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Auditing;

/// <summary>Routes an event that is held at the view again, and gives it to its instances. May be done again: an instance takes an event once.</summary>
internal sealed class HeldRetry(GrainsContext context, BuildName build, WindowReader reader)
{
    /// <returns>With a reason if it is held still, or an instance is quarantined by it.</returns>
    public async Task<InstanceRetry> RunAsync(Position position)
    {
        using var events = new EventFetcher(context.LogReader);
        var keys = default(RoutedKeys);
        if (reader.Route(await events.GetAsync(position, CancellationToken.None), ref keys) is { } problem)
            return new InstanceRetry(true, 0, 1, PositionList.Pack(position), problem);
        for (var k = 0; k < keys.Count; k++)
            if (await context.Grains.GetGrain<IViewGrain>(build.InstanceOf(keys[k])).InsertAsync(PositionList.Pack(position)) is { WasQuarantined: true } stopped)
                return stopped;
        return new InstanceRetry(true, keys.Count, 0, 0, null);
    }
}
