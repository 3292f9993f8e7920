namespace Kappa.Views;

/// <summary>The engine stopped while the call was under way. A watch can be resumed elsewhere or later with its last token.</summary>
public sealed class EngineStoppedException() : InvalidOperationException("The engine has stopped.");
