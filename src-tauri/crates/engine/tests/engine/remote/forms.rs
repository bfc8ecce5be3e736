//! Metadata of the files in memory.

use async_trait::async_trait;
use waybill_connector::{AttributeForm, Attributes, ConnectorError, Result};
use waybill_model::{FailureKind, FilledForm, RemotePath};

use super::{Call, Memory};

impl Memory {
    pub(super) fn keep_forms(&self, path: &RemotePath, forms: &[FilledForm]) {
        if !forms.is_empty() {
            self.state().forms.insert(path.as_str().to_owned(), forms.to_vec());
        }
    }
}

#[async_trait]
impl Attributes for Memory {
    async fn forms(&self) -> Result<Vec<AttributeForm>> {
        Ok(Vec::new())
    }

    async fn form(&self, _id: &str) -> Result<AttributeForm> {
        Err(ConnectorError::new(FailureKind::NotFound, "form", "no such form"))
    }

    async fn filled(&self, path: &RemotePath) -> Result<Vec<FilledForm>> {
        Ok(self.state().forms.get(path.as_str()).cloned().unwrap_or_default())
    }

    async fn expected(&self, _folder: &RemotePath) -> Result<Vec<FilledForm>> {
        Ok(Vec::new())
    }

    async fn fill(&self, path: &RemotePath, form: &FilledForm) -> Result<()> {
        let fault = self.enter(Call::Fill, path).await?;
        {
            let mut state = self.state();
            let forms = state.forms.entry(path.as_str().to_owned()).or_default();
            forms.retain(|held| held.form != form.form);
            forms.push(form.clone());
        }
        self.leave(fault, path, ()).await
    }

    async fn take_off(&self, path: &RemotePath, form: &str) -> Result<()> {
        if let Some(forms) = self.state().forms.get_mut(path.as_str()) {
            forms.retain(|held| held.form != form);
        }
        Ok(())
    }
}
