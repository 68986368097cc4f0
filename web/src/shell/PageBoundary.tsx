import { Component, type ReactNode } from 'react';
import { ErrorState } from '~/components/ErrorState';

/** Keeps a page that breaks, or cannot be loaded, from taking the navigation with it. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <ErrorState
        error={this.state.error}
        title="This page cannot be shown"
        retry={() => window.location.reload()}
      />
    );
  }
}
