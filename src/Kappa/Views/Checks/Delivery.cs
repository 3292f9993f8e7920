namespace Kappa.Views.Checks;

/// <summary>One event handed to the view: which of the script's, and whether the states it goes to were stored and read back before.</summary>
internal readonly record struct Delivery(int Event, bool Reload);
