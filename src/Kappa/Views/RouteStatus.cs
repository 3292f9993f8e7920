namespace Kappa.Views;

/// <summary>What routing an event came to.</summary>
public enum RouteStatus
{
    /// <summary>The view does not handle this type of event.</summary>
    NotConcerned,

    /// <summary>It goes to the keys given; there may be none.</summary>
    Routed,

    /// <summary>Its data or its keys cannot be worked out; it is held at the view.</summary>
    Unroutable,
}
