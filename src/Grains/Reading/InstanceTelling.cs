using Kappa.Grains.Instances;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>
/// The observer of one watch, at the build that serves. Each build gets an observer of its own: a call of the build of before that is still under
/// way when another one serves must not be taken for one of that. Used by one watch, one step at a time.
/// </summary>
internal sealed class InstanceTelling(IGrainFactory grains, string key) : IDisposable
{
    private InstanceObserver _observer = new();
    private IInstanceObserver? _reference;
    private Serving? _serving;

    public InstanceObserver Observer => _observer;

    /// <summary>True once an instance has been asked.</summary>
    public bool HasBegun => _serving is not null;

    /// <summary>The build asked last.</summary>
    public Serving Serving => _serving ?? throw new InvalidOperationException("Nothing was asked yet.");

    /// <summary>Reads the instance of a build, which from then on tells of its changes, and forgets about the build of before.</summary>
    public Task<byte[]> AskAsync(Serving serving)
    {
        if (_serving?.Name != serving.Name)
        {
            Dispose();
            _observer = new InstanceObserver();
            _reference = grains.CreateObjectReference<IInstanceObserver>(_observer);
        }
        _serving = serving;
        return serving.Instance(key).WatchAsync(_reference!);
    }

    public void Dispose()
    {
        if (_reference is null)
            return;
        _ = ForgetAsync(Serving.Instance(key), _reference);
        grains.DeleteObjectReference<IInstanceObserver>(_reference);
        _reference = null;
    }

    private static async Task ForgetAsync(IViewGrain instance, IInstanceObserver reference)
    {
        try
        {
            await instance.UnwatchAsync(reference).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It forgets by itself after a while.
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }
    }
}
