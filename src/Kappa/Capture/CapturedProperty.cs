namespace Kappa.Capture;

/// <summary>A property of a captured event: null, a <see cref="long"/>, a <see cref="double"/>, a <see cref="string"/>, a <see cref="bool"/> or bytes.</summary>
public readonly record struct CapturedProperty(string Name, object? Value);
