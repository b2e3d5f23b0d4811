use std::fmt;

use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeGaugeValue},
    metrics::MetricType,
    registry::Unit,
};

/// Writes values that are known only now.
pub(super) struct Gauges<'writer, 'registry>(pub(super) &'writer mut DescriptorEncoder<'registry>);

impl Gauges<'_, '_> {
    /// The unit is added to the name.
    pub(super) fn write(
        &mut self,
        name: &str,
        about: &str,
        unit: Option<&Unit>,
        value: impl EncodeGaugeValue,
    ) -> fmt::Result {
        self.0.encode_descriptor(name, about, unit, MetricType::Gauge)?.encode_gauge(&value)
    }

    /// A value for each of several things that `label` tells apart.
    pub(super) fn write_each<V: EncodeGaugeValue>(
        &mut self,
        name: &str,
        about: &str,
        unit: Option<&Unit>,
        label: &str,
        values: &[(&str, V)],
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, about, unit, MetricType::Gauge)?;
        for (each, value) in values {
            metric.encode_family(&[(label, *each)])?.encode_gauge(value)?;
        }
        Ok(())
    }
}
