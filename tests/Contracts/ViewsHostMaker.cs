using Kappa.Views;

namespace Kappa.Contracts;

/// <summary>Makes hosts of one kind of engine for the contract suites.</summary>
public abstract class ViewsHostMaker
{
    /// <summary>An engine that takes ten thousand events within a second gets the tests that need so many; others get the same ones with fewer.</summary>
    public virtual bool TakesManyEvents => true;

    /// <summary>A host with an empty log of four partitions, serving these views; without any, the account view.</summary>
    public abstract Task<ViewsHost> OpenAsync(ViewsHostSettings settings, params View[] views);
}
