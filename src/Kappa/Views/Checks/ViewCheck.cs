using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>Starts a check of a view; see <see cref="ViewCheck{TState}"/>.</summary>
public static class ViewCheck
{
    public static ViewCheck<TState> For<TState>(View<TState> view, EventTypes types) where TState : class, IViewState<TState> =>
        new(view, types);
}
