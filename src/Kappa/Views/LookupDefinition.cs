namespace Kappa.Views;

/// <summary>A secondary way to find instances: by a text taken from the state. A prefix lookup also finds by its beginning, ordinally.</summary>
public sealed record LookupDefinition(string Name, bool Prefix);
