namespace Kappa.Events;

/// <summary>How an extension attribute stands in JSON.</summary>
public enum EventExtensionKind : byte
{
    Text = 0,
    Boolean = 1,
    Integer = 2,
}
