namespace Kappa.Events;

/// <summary>
/// An extension attribute of a <see cref="CloudEvent"/>. The value is its canonical string: <c>true</c> or
/// <c>false</c> for booleans, decimal digits for integers of 32 bits.
/// </summary>
public readonly record struct EventExtension(string Name, string Value, EventExtensionKind Kind = EventExtensionKind.Text);
