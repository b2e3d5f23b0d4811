use super::contract::heavy_computation_service_server::SERVICE_NAME;

/// The operations of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Search,
    Suggest,
    Related,
    CheckDuplicate,
}

/// What an operation answers from, each of which is ready at its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The one on disk.
    Index,
    /// Those in memory, which are filled later.
    Engines,
}

impl Operation {
    pub(crate) const ALL: [Self; 4] =
        [Self::Search, Self::Suggest, Self::Related, Self::CheckDuplicate];

    /// As the contract calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Search => "Search",
            Self::Suggest => "Suggest",
            Self::Related => "Related",
            Self::CheckDuplicate => "CheckDuplicate",
        }
    }

    pub(crate) fn source(self) -> Source {
        match self {
            Self::Search => Source::Index,
            Self::Suggest | Self::Related | Self::CheckDuplicate => Source::Engines,
        }
    }

    /// What its health is asked for by.
    pub(super) fn path(self) -> String {
        format!("{SERVICE_NAME}/{}", self.name())
    }
}
