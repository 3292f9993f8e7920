namespace Kappa.Events;

/// <summary>What happens to events whose type nobody registered.</summary>
public enum UnknownTypes
{
    /// <summary>They are taken and kept, unseen: the log holds all of the organisation's facts.</summary>
    Accept,

    /// <summary>They are refused, with the type named.</summary>
    Reject,
}
